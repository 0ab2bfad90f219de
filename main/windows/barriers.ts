/**
 * What keeps every page off the network and off the clipboard. No script can take one of these down: each is set here, in
 * main, before the first page is there. They overlap on purpose. `test/e2e/barriers.spec.ts` shows
 * what is open without any, and what each of those against the network shuts alone.
 */
import type { Session, WebContents, WebPreferences } from 'electron'

export interface Barrier {
  /** Switches of Chromium's command line; they have to be there before the app is ready. */
  readonly switches?: Readonly<Record<string, string>>
  /** Directives of the content security policy, with which every page is served. */
  readonly policy?: readonly string[]
  /** Settings of every window. */
  readonly preferences?: WebPreferences
  /** What is set on the session of every page; it has to be done before the first page is loaded. */
  readonly onSession?: (session: Session) => Promise<void> | void
  /** What is set on every page. */
  readonly onContents?: (contents: WebContents) => void
}

/** Nothing can listen at port 0: whoever is sent there, for want of a name, reaches nobody. */
const NOWHERE = 'socks5://127.0.0.1:0'

/** The barriers by name. `developmentServer` is let through, where pages come from one; a built app has none. */
export function barriers(developmentServer: string | undefined) {
  const server = developmentServer === undefined ? undefined : new URL(developmentServer)
  /** Addresses that a page may load: its own scheme's, or the development server's, which speaks to it over a socket too. */
  const allowed = server ? [server.origin, server.origin.replace(/^http/, 'ws')] : ['app://lab']
  return {
    /** Every kind of load that the policy knows: from the app alone, connections not even there. */
    'loads by policy': {
      policy: [
        "default-src 'none'",
        "script-src 'self'",
        "worker-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "font-src 'self'",
        "connect-src 'none'",
        "base-uri 'none'",
        "form-action 'none'",
        "frame-ancestors 'none'",
      ],
    },
    /** No name has an address, and no address is one: also for what asks for names alone, and for what no policy knows. */
    'no names': {
      switches: {
        'host-resolver-rules': ['MAP * ~NOTFOUND', ...(server ? [`EXCLUDE ${server.hostname}`] : [])].join(
          ', ',
        ),
      },
    },
    /** Hints to ask for a name ahead are not loads either. */
    'no names ahead': { switches: { 'blink-settings': 'dnsPrefetchingEnabled=false' } },
    /** What opens a connection all the same is sent to a proxy that is not there, for loopback too. */
    'proxy to nowhere': {
      onSession: (session: Session) =>
        session.setProxy({
          mode: 'fixed_servers',
          proxyRules: NOWHERE,
          proxyBypassRules: server ? server.host : '<-loopback>',
        }),
    },
    /** Peer connections send no datagram, and open no connection but through the proxy. */
    'peers through the proxy': {
      onContents: (contents: WebContents) => contents.setWebRTCIPHandlingPolicy('disable_non_proxied_udp'),
    },
    /** Whatever asks for an address over HTTP or WebSocket is stopped before it goes out. */
    'own addresses alone': {
      onSession: (session: Session) =>
        session.webRequest.onBeforeRequest(({ url }, answer) => answer({ cancel: !mayLoad(url, allowed) })),
    },
    /** A page stays where it is: nothing is loaded in its place, and no window is opened beside it. */
    'no way elsewhere': {
      onContents: (contents: WebContents) => {
        contents.on('will-navigate', (event) => event.preventDefault())
        contents.on('will-frame-navigate', (event) => event.preventDefault())
        contents.on('will-attach-webview', (event) => event.preventDefault())
        contents.setWindowOpenHandler(() => ({ action: 'deny' }))
      },
    },
    /** What is not shown is not put on the disk instead. */
    'no downloads': {
      onSession: (session: Session) => void session.on('will-download', (event) => event.preventDefault()),
    },
    /** Every permission is denied, asked for or checked, and every device: the clipboard's text, and what leads to other programs. */
    'no permissions': {
      onSession: (session: Session) => {
        session.setPermissionRequestHandler((_, _permission, answer) => answer(false))
        session.setPermissionCheckHandler(() => false)
        session.setDevicePermissionHandler(() => false)
      },
    },
    /**
     * A page shows no box of the system's: one with any words in it would look like main's own question, and would keep the window
     * until it is answered.
     */
    'no boxes': { preferences: { disableDialogs: true } },
    /** A page can't stay when its window or the app is to be closed. */
    'no staying': {
      onContents: (contents: WebContents) => {
        contents.on('will-prevent-unload', (event) => event.preventDefault())
      },
    },
    /**
     * A script can't read the clipboard: a person pastes, with a key or the menu. The switch is for Electron 33, which knows
     * no such preference and lets every script paste; it can go with the fallback runtime.
     */
    'no pasting': {
      preferences: { enableDeprecatedPaste: false },
      switches: { 'blink-settings': 'DOMPasteAllowed=false,javaScriptCanAccessClipboard=false' },
    },
  } as const satisfies Readonly<Record<string, Barrier>>
}

/** Whether a page may load an address: one of the allowed origins', or what carries its own content. */
function mayLoad(url: string, allowed: readonly string[]): boolean {
  return /^(data|blob|devtools):/.test(url) || allowed.some((origin) => url.startsWith(`${origin}/`))
}
