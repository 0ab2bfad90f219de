// The least that an app with three windows can be: what Handshake Lab is measured against.
import { app, BrowserWindow } from 'electron'
import { join } from 'node:path'

void app.whenReady().then(() => {
  for (const [index, name] of ['Authority', 'Server', 'Client'].entries()) {
    const window = new BrowserWindow({
      x: index * 200,
      y: 0,
      width: 800,
      height: 700,
      show: false,
      webPreferences: { sandbox: true, contextIsolation: true, nodeIntegration: false },
    })
    window.once('ready-to-show', () => window.show())
    void window.loadFile(join(import.meta.dirname, 'index.html'), { query: { name } })
  }
})
app.on('window-all-closed', () => app.quit())
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => app.quit())
