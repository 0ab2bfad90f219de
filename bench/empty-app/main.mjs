// The least that an app with three windows can be: what Handshake Lab is measured against. Windows, their sizes, their
// settings and the scheme that serves their page are those of main/windows; nothing else is there.
import { app, BrowserWindow, protocol, screen } from 'electron'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'

const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "connect-src 'none'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ')

protocol.registerSchemesAsPrivileged([
  { scheme: 'app', privileges: { standard: true, secure: true, codeCache: true } },
])

void app.whenReady().then(() => {
  protocol.registerBufferProtocol('app', (_, respond) => {
    const headers = {
      'content-type': 'text/html; charset=utf-8',
      'content-security-policy': CONTENT_SECURITY_POLICY,
    }
    void readFile(join(import.meta.dirname, 'index.html')).then((data) => respond({ data, headers }))
  })
  for (const [name, place] of Object.entries(places(screen.getPrimaryDisplay().workArea))) {
    const window = new BrowserWindow({
      ...place,
      show: false,
      autoHideMenuBar: true,
      webPreferences: {
        sandbox: true,
        contextIsolation: true,
        nodeIntegration: false,
        backgroundThrottling: false,
        spellcheck: false,
        webviewTag: false,
      },
    })
    window.once('ready-to-show', () => window.show())
    void window.loadURL(`app://empty/${name}.html`)
  }
})
app.on('window-all-closed', () => app.quit())
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => app.quit())

/**
 * Where Handshake Lab's windows stand at first on a display of full HD (main/windows/placement.ts).
 * @param {Electron.Rectangle} area
 */
function places({ x, y, width, height }) {
  const side = Math.round(width * 0.36)
  const half = Math.floor(height / 2)
  return {
    authority: { x, y, width: side, height: half },
    server: { x, y: y + half, width: side, height: height - half },
    client: { x: x + side, y, width: width - side, height },
  }
}
