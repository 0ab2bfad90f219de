/** The text of a part of the dissector, put into the bundle. */
declare module '*.lua?raw' {
  const text: string
  export default text
}
