/** Begins the argument that says in a page's process which window it is in; the window's name follows. */
export const WINDOW_ARGUMENT = '--lab-window='
