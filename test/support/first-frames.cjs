// Loaded into the app before its own code: prints a line for each window once it has drawn itself, and whether that was before it was shown.
const { app } = require('electron')

app.on('browser-window-created', (_, window) => {
  window.once('ready-to-show', () => {
    process.stdout.write(window.isVisible() ? 'shown before drawn\n' : 'drawn before shown\n')
  })
})
