/** That somebody wants to search: the structure may still be read, and its search goes to the field once it is there. */
let isWanted = false

/** Asks for the next search that comes on screen to have the focus. */
export function wantSearch(): void {
  isWanted = true
}

/** Whether a search that has come on screen was asked for; the next one is not, by that. */
export function takeWantedSearch(): boolean {
  const was = isWanted
  isWanted = false
  return was
}
