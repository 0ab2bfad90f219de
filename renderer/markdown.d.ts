/** Pages of Markdown are data: `scripts/build/markdown.ts` reads them when the app is built. */
declare module '*.md' {
  const page: import('../shared/markdown').Page
  export default page
}
