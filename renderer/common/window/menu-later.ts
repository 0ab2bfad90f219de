/** The menu's button for windows that load it late: the client's has it from the start, and there a file more would be needed to name it. */
export { default } from '../controls/MenuButton.vue'
