/** The windows of the table: opened and arranged, remembered, hidden rather than closed while another one is open. */
import { app, BrowserWindow, screen, type NativeImage } from 'electron'
import type { CaptureFile, EventName, Events } from '#shared/ipc/contract'
import { FRONT_WINDOW, isBeside, isOutside, WINDOW_NAMES, WINDOWS, type WindowName } from '#shared/windows'
import { WINDOW_ARGUMENT } from '../preload/argument'
import { CrashLimit } from './crash-limit'
import { showMessage } from './dialogs'
import { printWindow } from './printing'
import type { PageEnd } from '../lab/events'
import { Places } from './places'
import { pageOf } from './scheme'

export interface WindowsOptions {
  /** File of the preload, which serves every window. */
  readonly preload: string
  /** File that keeps the windows' places. */
  readonly placementFile: string
  /** Address of the development server; undefined in a built app. */
  readonly developmentServer: string | undefined
  /** The icon that windows have on Linux, read once for all of them; elsewhere it is the program's. */
  readonly icon?: NativeImage | undefined
  /** Settings of every window that come from the barriers around its page. */
  readonly preferences: Electron.WebPreferences
}

/** What happens to windows, for whoever has to see to it. */
export interface WindowEvents {
  /** A window's page is gone, or another has taken its place: whatever it held is lost. */
  readonly onPageGone: (window: WindowName, how: PageEnd) => void
  /** A window was closed, which hides it: its page and all that it holds stay. */
  readonly onHidden: (window: WindowName) => void
  /** A window that was closed is there again. */
  readonly onBack: (window: WindowName) => void
  /** The person wants to quit, at that window: whoever hears it asks what has to be asked, and quits. */
  readonly onQuit: (window: WindowName | undefined) => void
  /** Whether a window that stands beside the lab may close: whoever hears it asks what has to be asked. */
  readonly mayClose: (window: WindowName) => Promise<boolean>
}

/** What counts as a person's act: the beginning and the end of a press, as a click and the keys' buttons come at either. */
const ACTS = new Set(['mouseDown', 'mouseUp', 'rawKeyDown', 'keyDown', 'keyUp', 'touchEnd', 'gestureTap'])

/** A page that is gone is loaded again after so long, in milliseconds. */
const RELOAD_AFTER_MS = 100
/** A page that has not drawn itself so many milliseconds after it was loaded is shown all the same. */
const DRAWN_AFTER_MS = 500
/** A change of screens is over after so many milliseconds without another one. */
const SCREEN_SETTLES_MS = 250

export class LabWindows {
  readonly #windows = new Map<WindowName, BrowserWindow>()
  /** When somebody last pressed something in each, by `performance.now()`. */
  readonly #acts = new Map<WindowName, number>()
  readonly #places: Places
  /** Those that were closed, and not shown since. */
  readonly #closed = new Set<WindowName>()
  /** Those that call for attention until somebody turns to them. */
  readonly #calling = new Set<WindowName>()
  #events: WindowEvents | undefined
  #quitting = false

  constructor(private readonly options: WindowsOptions) {
    this.#places = new Places(options.placementFile)
    app.on('before-quit', () => {
      this.#quitting = true
    })
  }

  /** From now on tells `events` what happens to windows. */
  attend(events: WindowEvents): void {
    this.#events = events
  }

  /** Opens those that are there from the start on. A damaged file of their places is set aside, which the result says. */
  open(): string | undefined {
    const problem = this.#places.read()
    for (const name of WINDOW_NAMES) if (WINDOWS[name].opens) this.#create(name, 'at the start')
    this.#followScreens()
    return problem
  }

  /** Brings a window to the front, even one that was closed or not there yet. */
  show(name: WindowName): void {
    const window = this.#windows.get(name)
    if (!window) {
      // With the last one the app ends: nothing is opened any more.
      if (!this.#quitting) this.#create(name)
      return
    }
    if (window.isMinimized()) window.restore()
    window.show()
    window.focus()
    if (this.#closed.delete(name)) this.#events?.onBack(name)
  }

  /** The person quits: by the menu, or by closing the last window. Signals and the system's shutdown take `app.quit()` and ask nothing. */
  quit(window: WindowName | undefined): void {
    if (this.#events) this.#events.onQuit(window)
    else app.quit()
  }

  /** Prints what a window shows. */
  print(name: WindowName): void {
    const window = this.#windows.get(name)
    if (window) printWindow(window)
  }

  /** Has the person choose a run to be opened, at a window. */
  askForRun(name: WindowName): void {
    this.#chosenInMenu(name)
    this.ask(name, 'run:choose', undefined)
  }

  /** Has something saved for Wireshark, at a window. */
  askForCapture(name: WindowName, what: CaptureFile): void {
    this.#chosenInMenu(name)
    this.ask(name, 'capture:choose', { what })
  }

  /** Stops the clock of the client's session, or lets it go on. */
  toggleClock(): void {
    this.tellOne('client', 'clock:toggle', undefined)
  }

  /** Brings *Help* to the front: at a place, or where it was. */
  showHelp(place?: string): void {
    this.show('help')
    if (place !== undefined) this.ask('help', 'help:go', { place })
  }

  /** Has a window say what help is wanted on. */
  askForHelp(name: WindowName): void {
    this.#chosenInMenu(name)
    this.ask(name, 'help:ask', undefined)
  }

  /** Has a window call for attention, once it is on screen again if it was closed. What has the focus keeps it. */
  callFor(name: WindowName): void {
    const window = this.#windows.get(name)
    if (!window || window.isFocused()) return
    if (this.#closed.delete(name)) {
      window.showInactive()
      this.#events?.onBack(name)
    }
    if (this.#calling.has(name)) return
    this.#calling.add(name)
    window.flashFrame(true)
    window.once('focus', () => {
      this.#calling.delete(name)
      window.flashFrame(false)
    })
  }

  /** Brings all windows to the front, the one that most is done in before the others. */
  showAll(): void {
    for (const name of this.#windows.keys()) if (name !== FRONT_WINDOW) this.show(name)
    this.show(FRONT_WINDOW)
  }

  /** Shows all windows, arranged on the screen that the front one is on so that none hides what another is used by. */
  arrange(): void {
    for (const window of this.#windows.values()) {
      if (window.isFullScreen()) window.setFullScreen(false)
      if (window.isMaximized()) window.unmaximize()
    }
    this.showAll()
    this.#putInPlace()
  }

  /** The window that a page belongs to. */
  nameOf(contents: Electron.WebContents): WindowName | undefined {
    return WINDOW_NAMES.find((name) => this.#windows.get(name)?.webContents === contents)
  }

  /** The name of a window, if it is one of the app's. */
  named(window: Electron.BaseWindow | undefined): WindowName | undefined {
    return WINDOW_NAMES.find((name) => window !== undefined && this.#windows.get(name) === window)
  }

  get(name: WindowName): BrowserWindow | undefined {
    return this.#windows.get(name)
  }

  /** When somebody last pressed a key or a button in a window, by `performance.now()`; long ago, if nobody did. */
  lastAct(name: WindowName): number {
    return this.#acts.get(name) ?? Number.NEGATIVE_INFINITY
  }

  /** When somebody last pressed anything in any window. */
  get newestAct(): number {
    return Math.max(...this.#acts.values())
  }

  /** Tells every window something, but those of who is no part of the lab. */
  tell<E extends EventName>(event: E, value: Events[E]): void {
    for (const name of WINDOW_NAMES) if (!isOutside(name)) this.tellOne(name, event, value)
  }

  tellOne<E extends EventName>(name: WindowName, event: E, value: Events[E]): void {
    const window = this.#windows.get(name)
    // Nobody reads news of the end, and a page that is gone takes none.
    if (this.#quitting || !window || window.isDestroyed() || window.webContents.isCrashed()) return
    window.webContents.send(event, value)
  }

  /** Asks something of a window's page: one that is still being loaded hears it afterwards. */
  ask<E extends EventName>(name: WindowName, event: E, value: Events[E]): void {
    const contents = this.#windows.get(name)?.webContents
    if (!contents?.isLoadingMainFrame()) return this.tellOne(name, event, value)
    contents.once('did-finish-load', () => this.tellOne(name, event, value))
  }

  /** Asks a window for files to inspect. Its page may show them only after a person did something in it: here they did. */
  async askForFiles(name: WindowName): Promise<void> {
    await this.#windows.get(name)?.webContents.executeJavaScript('undefined', true)
    this.ask(name, 'files:choose', undefined)
  }

  /** Choosing something in the menu for a window's page is a person's act, which the page never sees. */
  #chosenInMenu(name: WindowName): void {
    this.#acts.set(name, performance.now())
  }

  /** Remembers where the windows stand. */
  async savePlaces(): Promise<void> {
    if (this.#windows.size === 0) return
    const now = [...this.#windows].map(([name, window]) => [name, window.getNormalBounds()])
    await this.#places.save(Object.fromEntries(now) as Partial<Record<WindowName, Electron.Rectangle>>)
  }

  /** Where a screen is another one or gone, a window's smallest size follows; and what does not fit any more is arranged. */
  #followScreens(): void {
    let timer: ReturnType<typeof setTimeout> | undefined
    const follow = (): void => {
      clearTimeout(timer)
      // One change is told in several parts.
      timer = setTimeout(() => this.#fit(), SCREEN_SETTLES_MS)
    }
    screen.on('display-metrics-changed', follow)
    screen.on('display-removed', follow)
    screen.on('display-added', follow)
  }

  #fit(): void {
    if (this.#quitting) return
    const standing = [...this.#windows].filter(
      ([, window]) => !window.isMaximized() && !window.isFullScreen(),
    )
    for (const [name, window] of standing) this.#limit(name, window, window.getNormalBounds())
    if (!standing.every(([, window]) => this.#places.holds(window.getNormalBounds()))) this.#putInPlace()
  }

  #putInPlace(): void {
    const arranged = this.#places.arranged(this.#windows.get(FRONT_WINDOW)?.getNormalBounds())
    for (const [name, window] of this.#windows) {
      if (window.isMaximized() || window.isFullScreen()) continue
      this.#limit(name, window, arranged[name])
      window.setBounds(arranged[name])
    }
  }

  /** Lets a window become as small as it may be at a place. */
  #limit(name: WindowName, window: BrowserWindow, place: Electron.Rectangle): void {
    const { width, height } = this.#places.minimumAt(name, place)
    window.setMinimumSize(width, height)
  }

  /** What a start shows last comes in front of what it showed before: the front window does, unless somebody is at another. */
  #showFirst(name: WindowName, window: BrowserWindow): void {
    const front = this.#windows.get(FRONT_WINDOW)
    if (name === FRONT_WINDOW) return window.show()
    window.showInactive()
    if (!front?.isVisible() || this.#acts.size > 0) return
    front.moveTop()
    front.focus()
  }

  #create(name: WindowName, when?: 'at the start'): void {
    const { preload, icon, developmentServer, preferences } = this.options
    const place = this.#places.of(name)
    const minimum = this.#places.minimumAt(name, place)
    const window = new BrowserWindow({
      ...place,
      minWidth: minimum.width,
      minHeight: minimum.height,
      show: false,
      ...(icon === undefined ? {} : { icon }),
      autoHideMenuBar: true,
      webPreferences: {
        ...preferences,
        preload,
        additionalArguments: [`${WINDOW_ARGUMENT}${name}`],
        contextIsolation: true,
        sandbox: true,
        nodeIntegration: false,
        // The client's protocol and every countdown go on while their window is covered.
        backgroundThrottling: false,
        spellcheck: false,
        webviewTag: false,
      },
    })
    this.#windows.set(name, window)
    onceDrawn(window, () => {
      // Closed before it was drawn, it stays so.
      if (this.#closed.has(name)) return
      if (when) this.#showFirst(name, window)
      else window.show()
    })
    window.on('close', (event) => {
      if (this.#quitting) return
      event.preventDefault()
      if (!this.#isAnotherOpen(name)) return this.quit(name)
      if (isBeside(name)) return void this.#close(name, window)
      window.hide()
      this.#closed.add(name)
      this.#events?.onHidden(name)
    })
    window.on('closed', () => this.#windows.delete(name))
    /** The page that comes next takes no other's place: it is the first one, or the one before it has failed. */
    let isFirst = true
    window.webContents.on('did-navigate', () => {
      if (!isFirst) this.#events?.onPageGone(name, 'reloaded')
      isFirst = false
    })
    // The page is not told by itself: timers and animations run on in hidden windows here.
    for (const event of ['hide', 'minimize'] as const) {
      window.on(event as 'hide', () => this.tellOne(name, 'window:hidden', undefined))
    }
    window.webContents.on('input-event', (_, { type }) => {
      if (ACTS.has(type)) this.#acts.set(name, performance.now())
    })
    const limit = new CrashLimit()
    window.webContents.on('render-process-gone', (_, details) => {
      isFirst = true
      this.#events?.onPageGone(name, 'failed')
      if (details.reason === 'clean-exit') return
      // Where all processes of the app are told to end, pages may be gone a moment before main hears of it.
      setTimeout(() => {
        if (this.#quitting || window.isDestroyed()) return
        if (limit.mayReload(performance.now())) window.webContents.reload()
        else void this.#askAfterCrashes(name, window, limit)
      }, RELOAD_AFTER_MS)
    })
    void window.loadURL(pageOf(name, developmentServer))
  }

  /** A page that keeps crashing is loaded again only when the person says so. The roles in main go on meanwhile. */
  async #askAfterCrashes(name: WindowName, window: BrowserWindow, limit: CrashLimit): Promise<void> {
    const { title } = WINDOWS[name]
    const response = await showMessage({
      type: 'error',
      message: `The window of the ${title} keeps failing.`,
      detail: [
        'It was loaded again several times, and failed each time. Authority and server go on; what this window held is lost.',
      ],
      buttons: ['Load it again', 'Leave it', 'Quit Handshake Lab'],
      usual: 0,
      cancel: 1,
    })
    if (response === 2) return this.quit(name)
    if (response !== 0 || window.isDestroyed()) return
    limit.forgive()
    window.webContents.reload()
  }

  /** Ends a window that stands beside the lab, once nothing is lost by that or the person has agreed. */
  async #close(name: WindowName, window: BrowserWindow): Promise<void> {
    if (this.#events && !(await this.#events.mayClose(name))) return
    // While somebody was asked, the app may have ended.
    if (!window.isDestroyed()) this.#end(name, window)
  }

  /** Ends a window that holds nothing any more, and remembers where it stood. */
  #end(name: WindowName, window: BrowserWindow): void {
    this.#places.remember(name, window.getNormalBounds())
    window.destroy()
    this.#events?.onPageGone(name, 'closed')
  }

  #isAnotherOpen(name: WindowName): boolean {
    return [...this.#windows].some(
      ([other, window]) => other !== name && (window.isVisible() || window.isMinimized()),
    )
  }
}

/**
 * Calls back when a page that is not on screen yet has drawn itself, or when it should have: now and then a window gets no first frame
 * before it is shown, and would never be.
 */
function onceDrawn(window: BrowserWindow, show: () => void): void {
  let isWaiting = true
  const once = (): void => {
    if (!isWaiting || window.isDestroyed()) return
    isWaiting = false
    show()
  }
  window.once('ready-to-show', once)
  window.webContents.once('did-finish-load', () => setTimeout(once, DRAWN_AFTER_MS))
}
