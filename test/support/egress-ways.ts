/** Every way in which a script might send a byte or a name out of its page: each a script of its own, made for a target. */

export interface Target {
  /** Address of the machine that the listeners of this way wait at. */
  readonly host: string
  /** The port of both of them, TCP and UDP; no other way has it. */
  readonly port: number
  /** A name that no resolver knows, and no other way asks for. */
  readonly name: string
}

export interface Way {
  readonly name: string
  /** Whether another page may come in the place of this one: it is loaded anew then. */
  readonly leads: 'nowhere' | 'elsewhere'
  /** Statements; what they throw is no matter. */
  readonly script: (target: Target) => string
}

type Scripts = Readonly<Record<string, (urls: Urls) => string>>

/** Addresses of the listener, and one of the name. */
interface Urls extends Target {
  readonly at: (scheme: string) => string
  readonly url: string
  readonly named: string
}

/** `img` with attributes, put into the page: most kinds of load are an element's. */
function element(tag: string, attributes: Readonly<Record<string, string>>, into = 'body'): string {
  const set = Object.entries(attributes).map(([name, value]) => `made.setAttribute('${name}', '${value}')`)
  return [`const made = document.createElement('${tag}')`, ...set, `document.${into}.append(made)`].join('\n')
}

const link = (rel: string, href: string, more: Readonly<Record<string, string>> = {}): string =>
  element('link', { rel, href, ...more }, 'head')

const style = (text: string): string =>
  `const made = document.createElement('style'); made.textContent = \`${text}\`; document.head.append(made)`

const script = (type: string, text: string): string =>
  `const made = document.createElement('script'); made.type = '${type}'; made.textContent = \`${text}\`; document.head.append(made)`

/** A worker made of a text. */
const worker = (kind: string, text: string): string =>
  `new ${kind}(URL.createObjectURL(new Blob([\`${text}\`], { type: 'text/javascript' })))`

/** Scripts reach it the same in the page and in an empty frame of the page, which has a window of its own. */
const PEER = (configuration: string, where = 'window'): string => `
  const made = new (${where}.RTCPeerConnection)(${configuration})
  made.createDataChannel('x')
  await made.setLocalDescription(await made.createOffer())`

const iceServer = (urls: string): string =>
  `{ iceServers: [{ urls: '${urls}', username: 'x', credential: 'x' }] }`

/** Two ends in one page, and to each a candidate of somebody else's choice. */
const candidate = (host: string, port: number, transport: 'udp' | 'tcp'): string => `
  const [one, other] = [new RTCPeerConnection(), new RTCPeerConnection()]
  one.createDataChannel('x')
  await one.setLocalDescription(await one.createOffer())
  await other.setRemoteDescription(one.localDescription)
  await other.setLocalDescription(await other.createAnswer())
  await one.setRemoteDescription(other.localDescription)
  const tcp = '${transport}' === 'tcp' ? ' tcptype passive' : ''
  const text = 'candidate:1 1 ${transport} 2122260223 ${host} ${port} typ host' + tcp
  for (const end of [one, other]) await end.addIceCandidate({ candidate: text, sdpMid: '0', sdpMLineIndex: 0 })`

const LOADS: Scripts = {
  fetch: ({ url }) => `await fetch('${url}')`,
  'fetch without CORS': ({ url }) => `await fetch('${url}', { mode: 'no-cors' })`,
  'fetch that outlives its page': ({ url }) =>
    `await fetch('${url}', { mode: 'no-cors', keepalive: true, method: 'POST', body: 'x' })`,
  'fetch by name': ({ named }) => `await fetch('${named}', { mode: 'no-cors' })`,
  'fetch over TLS': ({ at }) => `await fetch('${at('https')}', { mode: 'no-cors' })`,
  fetchLater: ({ at }) => `fetchLater('${at('https')}', { activateAfter: 0 })`,
  XMLHttpRequest: ({ url }) => `const made = new XMLHttpRequest(); made.open('GET', '${url}'); made.send()`,
  WebSocket: ({ at }) => `new WebSocket('${at('ws')}')`,
  'WebSocket by name': ({ name }) => `new WebSocket('ws://${name}/')`,
  'WebSocket over TLS': ({ at }) => `new WebSocket('${at('wss')}')`,
  WebSocketStream: ({ at }) => `new WebSocketStream('${at('ws')}')`,
  EventSource: ({ url }) => `new EventSource('${url}')`,
  WebTransport: ({ at }) => `await new WebTransport('${at('https')}').ready`,
  'WebTransport by name': ({ name }) => `await new WebTransport('https://${name}/').ready`,
  sendBeacon: ({ url }) => `navigator.sendBeacon('${url}', 'x')`,
  FontFace: ({ url }) => `await new FontFace('x', 'url(${url})').load()`,
  'imported module': ({ url }) => script('module', `import('${url}x.js')`),
  'speculation rules, prefetch': ({ url }) =>
    script('speculationrules', `{"prefetch":[{"urls":["${url}"],"eagerness":"immediate"}]}`),
  'speculation rules, prerender': ({ url }) =>
    script('speculationrules', `{"prerender":[{"urls":["${url}"],"eagerness":"immediate"}]}`),
  'identity provider': ({ at }) =>
    `await navigator.credentials.get({ identity: { providers: [{ configURL: '${at('https')}c.json', clientId: 'x' }] } })`,
  'payment method': ({ at }) =>
    `await new PaymentRequest([{ supportedMethods: '${at('https')}' }], { total: { label: 'x', amount: { currency: 'EUR', value: '1' } } }).canMakePayment()`,
  'picture of what plays': ({ url }) =>
    `navigator.mediaSession.metadata = new MediaMetadata({ artwork: [{ src: '${url}x.png' }] })`,
  'reports of a policy': ({ url }) =>
    `${element('meta', { 'http-equiv': 'content-security-policy', content: `img-src data:; report-uri ${url}` }, 'head')}
     new Image().src = '/none.png'`,
}

const ELEMENTS: Scripts = {
  img: ({ url }) => element('img', { src: `${url}x.png` }),
  'img by name': ({ named }) => element('img', { src: `${named}x.png` }),
  'img in a set': ({ url }) => element('img', { srcset: `${url}x.png 1x` }),
  'img with attribution': ({ url }) => element('img', { attributionsrc: url }),
  'image of a button': ({ url }) => element('input', { type: 'image', src: `${url}x.png` }),
  'image in SVG': ({ url }) =>
    `const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg')
     const made = document.createElementNS('http://www.w3.org/2000/svg', 'image')
     made.setAttribute('href', '${url}x.png'); svg.append(made); document.body.append(svg)`,
  'use in SVG': ({ url }) =>
    `const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg')
     const made = document.createElementNS('http://www.w3.org/2000/svg', 'use')
     made.setAttribute('href', '${url}x.svg#x'); svg.append(made); document.body.append(svg)`,
  'background of the body': ({ url }) => `document.body.setAttribute('background', '${url}x.png')`,
  'style by script': ({ url }) => `document.body.style.backgroundImage = 'url(${url}x.png)'`,
  'style in the page': ({ url }) => style(`body { background-image: url(${url}x.png) }`),
  '@import': ({ url }) => style(`@import url(${url}x.css);`),
  '@font-face': ({ url }) =>
    style(`@font-face { font-family: stranger; src: url(${url}x.woff2) } body { font-family: stranger }`),
  'style sheet made by script': ({ url }) =>
    `const sheet = new CSSStyleSheet(); sheet.replaceSync('body { cursor: url(${url}x.png), auto; background: url(${url}y.png) }')
     document.adoptedStyleSheets = [sheet]`,
  script: ({ url }) => element('script', { src: `${url}x.js` }, 'head'),
  'script as a module': ({ url }) => element('script', { src: `${url}x.js`, type: 'module' }, 'head'),
  iframe: ({ url }) => element('iframe', { src: url }),
  'iframe by name': ({ named }) => element('iframe', { src: named }),
  'iframe with a page of its own': ({ url }) => element('iframe', { srcdoc: `<img src=${url}x.png>` }),
  fencedframe: ({ url }) => `${element('fencedframe', {})}; made.config = new FencedFrameConfig('${url}')`,
  object: ({ url }) => element('object', { data: url }),
  embed: ({ url }) => element('embed', { src: url }),
  webview: ({ url }) => element('webview', { src: url }),
  audio: ({ url }) => element('audio', { src: `${url}x.mp3`, autoplay: '' }),
  video: ({ url }) => element('video', { src: `${url}x.mp4`, poster: `${url}x.png` }),
  track: ({ url }) =>
    `${element('video', {})}; const track = document.createElement('track')
     Object.assign(track, { kind: 'captions', src: '${url}x.vtt', default: true }); made.append(track); track.track.mode = 'showing'`,
  'link clicked, with a ping': ({ url }) => `${element('a', { href: '#x', ping: url })}; made.click()`,
}

const HINTS: Scripts = {
  preconnect: ({ url }) => link('preconnect', url),
  'preconnect by name': ({ named }) => link('preconnect', named),
  'dns-prefetch': ({ named }) => link('dns-prefetch', named),
  'dns-prefetch of a link': ({ name }) =>
    `${element('meta', { 'http-equiv': 'x-dns-prefetch-control', content: 'on' }, 'head')}
     const anchor = document.createElement('a'); anchor.href = 'https://${name}/'; anchor.textContent = 'x'; document.body.append(anchor)`,
  prefetch: ({ url }) => link('prefetch', url),
  prerender: ({ url }) => link('prerender', url),
  modulepreload: ({ url }) => link('modulepreload', `${url}x.js`),
  'preload of a script': ({ url }) => link('preload', `${url}x.js`, { as: 'script' }),
  'preload of a font': ({ url }) => link('preload', `${url}x.woff2`, { as: 'font', crossorigin: '' }),
  'preload of an image': ({ url }) => link('preload', `${url}x.png`, { as: 'image' }),
  'preload of data': ({ url }) => link('preload', url, { as: 'fetch', crossorigin: '' }),
  stylesheet: ({ url }) => link('stylesheet', `${url}x.css`),
  manifest: ({ url }) => link('manifest', url),
  icon: ({ url }) => link('icon', `${url}x.ico`),
}

const WORKERS: Scripts = {
  Worker: ({ url }) => `new Worker('${url}x.js')`,
  'Worker made of a text': ({ url }) => worker('Worker', `fetch('${url}', { mode: 'no-cors' })`),
  'Worker that imports': ({ url }) => worker('Worker', `importScripts('${url}x.js')`),
  'Worker with a WebSocket': ({ at }) => worker('Worker', `new WebSocket('${at('ws')}')`),
  SharedWorker: ({ url }) => `new SharedWorker('${url}x.js')`,
  'SharedWorker made of a text': ({ url }) => worker('SharedWorker', `fetch('${url}', { mode: 'no-cors' })`),
  'service worker': ({ url }) => `await navigator.serviceWorker.register('${url}x.js')`,
  AudioWorklet: ({ url }) => `await new AudioContext().audioWorklet.addModule('${url}x.js')`,
  PaintWorklet: ({ url }) => `await CSS.paintWorklet.addModule('${url}x.js')`,
}

const PEERS: Scripts = {
  'peer: STUN': ({ host, port }) => PEER(iceServer(`stun:${host}:${port}`)),
  'peer: STUN by name': ({ name }) => PEER(iceServer(`stun:${name}:3478`)),
  'peer: TURN over UDP': ({ host, port }) => PEER(iceServer(`turn:${host}:${port}?transport=udp`)),
  'peer: TURN over TCP': ({ host, port }) => PEER(iceServer(`turn:${host}:${port}?transport=tcp`)),
  'peer: TURN over TLS': ({ host, port }) => PEER(iceServer(`turns:${host}:${port}?transport=tcp`)),
  'peer: TURN by name': ({ name }) => PEER(iceServer(`turn:${name}:3478?transport=tcp`)),
  'peer: candidate over UDP': ({ host, port }) => candidate(host, port, 'udp'),
  'peer: candidate over TCP': ({ host, port }) => candidate(host, port, 'tcp'),
  'peer: candidate by name': ({ name }) => candidate(name, 3478, 'udp'),
  'peer: in an empty frame': ({ host, port }) =>
    `const frame = document.createElement('iframe'); document.body.append(frame)
     ${PEER(iceServer(`stun:${host}:${port}`), 'frame.contentWindow')}`,
}

const ELSEWHERE: Scripts = {
  'window.open': ({ url }) => `window.open('${url}')`,
  'window.open by name': ({ named }) => `window.open('${named}', '_blank', 'noopener')`,
  'location.assign': ({ url }) => `location.assign('${url}')`,
  'location.assign by name': ({ named }) => `location.assign('${named}')`,
  'link clicked': ({ url }) => `${element('a', { href: url })}; made.click()`,
  'link clicked for a new window': ({ url }) =>
    `${element('a', { href: url, target: '_blank' })}; made.click()`,
  'link clicked for a download': ({ url }) => `${element('a', { href: url, download: 'x' })}; made.click()`,
  'form sent': ({ url }) => `${element('form', { action: url, method: 'post' })}; made.submit()`,
  'form sent into a frame': ({ url }) =>
    `const frame = document.createElement('iframe'); frame.name = 'inner'; document.body.append(frame)
     ${element('form', { action: url, target: 'inner' })}; made.submit()`,
  'meta refresh': ({ url }) => element('meta', { 'http-equiv': 'refresh', content: `0;url=${url}` }, 'head'),
}

export const WAYS: readonly Way[] = [
  ...[LOADS, ELEMENTS, HINTS, WORKERS, PEERS].flatMap((scripts) => waysOf(scripts, 'nowhere')),
  ...waysOf(ELSEWHERE, 'elsewhere'),
]

function waysOf(scripts: Scripts, leads: Way['leads']): readonly Way[] {
  return Object.entries(scripts).map(([name, make]) => ({
    name,
    leads,
    script: (target) => {
      const at = (scheme: string): string => `${scheme}://${target.host}:${target.port}/`
      return make({ ...target, at, url: at('http'), named: `http://${target.name}/` })
    },
  }))
}
