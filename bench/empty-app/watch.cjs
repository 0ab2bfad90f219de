// Loaded into an app before its own code: prints a line once three windows have been painted and the button that each is
// there for can be pressed. In Handshake Lab that is so only when main has answered what the window shows.
const { app } = require('electron')

const LOOK = `new Promise((resolve) => {
  const look = () =>
    document.querySelector('button.primary:not([disabled])') ? resolve(true) : setTimeout(look, 2)
  look()
})`
let usable = 0
app.on('browser-window-created', (_, window) => {
  const painted = new Promise((resolve) => window.once('ready-to-show', resolve))
  const built = new Promise((resolve) =>
    window.webContents.once('dom-ready', () => resolve(window.webContents.executeJavaScript(LOOK))),
  )
  void Promise.all([painted, built]).then(() => {
    if (++usable === 3) process.stdout.write('three windows are usable\n')
  })
})
