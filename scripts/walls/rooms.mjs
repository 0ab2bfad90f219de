// The rooms of the house, and which room may import which. `npm run walls` holds it (walls.mjs makes the rules of it).
//
// A room is a folder, without the rooms inside it, or a few files. It may import the rooms it names, and itself;
// nothing else of main/, renderer/, shared/ and bench/. The list goes from the ground up: a room names rooms before it
// alone, so that no two rooms need each other. Packages of npm are eslint's matter (eslint.config.js).

/**
 * @typedef {object} Room
 * @property {string} name
 * @property {string} purpose what it is for, in a line
 * @property {readonly string[]} at folders (without a slash at the end) and files
 * @property {readonly string[]} imports names of rooms
 */

const CRYPTO = [
  'shared/crypto/encodings',
  'shared/crypto/primitives',
  'shared/crypto/provider',
  'shared/crypto/pki',
]

/** What all rooms of a window stand on. */
const COMMON = ['renderer/common', 'renderer/common/composables', 'renderer/common/controls']

/** What shows a protocol, whichever it is: by what is registered, and not by what is known of HL/1. */
const PROTOCOLS = 'renderer/common/protocols'

/** @type {readonly Room[]} */
export const ROOMS = [
  // shared/: runs anywhere.
  {
    name: 'shared/basics',
    purpose:
      'bytes, errors, words, times and what holds from one on, text made visible, Markdown, and turns taken with other work',
    at: [
      ...[
        'ahead',
        'bytes',
        'csv',
        'errors',
        'failure',
        'given-file',
        'group',
        'held',
        'markdown',
        'part-missing',
        'remember',
        'same-bytes',
        'time',
        'turn',
        'unless-aborted',
      ],
      ...['visible', 'words'],
    ].map((file) => `shared/${file}.ts`),
    imports: [],
  },
  {
    name: 'shared/help',
    purpose: 'places in Help, citations, glossary, sources, and the keys of the keyboard',
    at: ['shared/help'],
    imports: [],
  },
  {
    name: 'shared/crypto/encodings',
    purpose: 'DER, PEM, JWK and the forms of keys',
    at: ['shared/crypto/encodings'],
    imports: ['shared/basics'],
  },
  {
    name: 'shared/crypto/primitives',
    purpose: 'ciphers, hashes and RSA',
    at: ['shared/crypto/primitives'],
    imports: ['shared/basics', 'shared/crypto/encodings'],
  },
  {
    name: 'shared/crypto/provider',
    purpose: 'the primitives as one thing that is handed in',
    at: ['shared/crypto/provider.ts'],
    imports: ['shared/basics', 'shared/crypto/primitives'],
  },
  {
    name: 'shared/crypto/asn1',
    purpose: 'ASN.1 by the RFCs’ own notation: elements, their names and values, DER',
    at: ['shared/crypto/asn1'],
    imports: ['shared/basics', 'shared/crypto/encodings'],
  },
  {
    name: 'shared/crypto/pki',
    purpose: 'certificates, requests and Cert_S: read, issued, verified',
    at: ['shared/crypto/pki'],
    imports: [
      'shared/basics',
      'shared/crypto/encodings',
      'shared/crypto/asn1',
      'shared/crypto/primitives',
      'shared/crypto/provider',
    ],
  },
  {
    name: 'shared/crypto/containers',
    purpose: 'keys under a passphrase: PKCS#8, PKCS#12, old PEM',
    at: ['shared/crypto/containers'],
    imports: ['shared/basics', 'shared/crypto/encodings', 'shared/crypto/primitives'],
  },
  {
    name: 'shared/record',
    purpose: 'what the run of any protocol is made of: terms, sheets, records, ranges, checks',
    at: ['shared/record'],
    imports: ['shared/basics'],
  },
  {
    name: 'shared/hl1',
    purpose: 'the protocol: frames, sheets, conducts, suites, states',
    at: ['shared/hl1'],
    imports: ['shared/basics', ...CRYPTO, 'shared/record'],
  },
  {
    name: 'shared/hl1/drivers',
    purpose: 'the roles from the first byte to the last, over a pipe',
    at: ['shared/hl1/drivers'],
    imports: ['shared/basics', ...CRYPTO, 'shared/record', 'shared/hl1'],
  },
  {
    name: 'shared/settings',
    purpose: 'what can be set, its bounds and defaults',
    at: ['shared/settings.ts'],
    imports: ['shared/basics', 'shared/crypto/primitives', 'shared/crypto/pki', 'shared/hl1'],
  },
  {
    name: 'shared/inspect',
    purpose: 'keys and certificates described as data',
    at: ['shared/inspect'],
    imports: [
      ...['shared/basics', ...CRYPTO, 'shared/crypto/asn1', 'shared/crypto/containers', 'shared/record'],
      'shared/hl1',
    ],
  },
  {
    name: 'shared/issuing',
    purpose: 'certification requests from files: what a certificate takes from one, and the certificate',
    at: ['shared/issuing'],
    imports: ['shared/basics', ...CRYPTO, 'shared/inspect'],
  },
  {
    name: 'shared/workshop',
    purpose:
      'wrong certificates on purpose: chains as data, made; recipes with one fault each, and what judges say of them',
    at: ['shared/workshop'],
    imports: [
      ...['shared/basics', 'shared/crypto/encodings', 'shared/crypto/primitives', 'shared/crypto/pki'],
      'shared/inspect',
    ],
  },
  {
    name: 'shared/export',
    purpose: 'items, forms and names of files; keys and certificates in every form',
    at: ['shared/export', 'shared/export.ts'],
    imports: ['shared/basics', ...CRYPTO, 'shared/crypto/containers', 'shared/inspect'],
  },
  {
    name: 'shared/commands',
    purpose: 'what to type to see the same with OpenSSL and others',
    at: ['shared/commands'],
    imports: ['shared/basics', ...CRYPTO, 'shared/inspect', 'shared/export'],
  },
  {
    name: 'shared/windows',
    purpose: 'the table of windows',
    at: ['shared/windows.ts'],
    imports: ['shared/basics', 'shared/hl1'],
  },
  {
    name: 'shared/lab',
    purpose: 'what windows are told of the lab, and what a change of settings does to it',
    at: ['shared/lab.ts', 'shared/settings-effects.ts'],
    imports: [
      ...['shared/basics', 'shared/record', 'shared/hl1', 'shared/hl1/drivers', 'shared/settings'],
      ...['shared/crypto/pki', 'shared/inspect', 'shared/windows'],
    ],
  },
  {
    name: 'shared/trial',
    purpose: 'lifetime trials: plan, result, chart, files',
    at: ['shared/trial'],
    imports: ['shared/basics', 'shared/record', 'shared/hl1'],
  },
  {
    name: 'shared/side-by-side',
    purpose: 'runs of both suites compared',
    at: ['shared/side-by-side'],
    imports: ['shared/basics', 'shared/crypto/primitives', 'shared/record', 'shared/hl1'],
  },
  {
    name: 'shared/knowledge',
    purpose: 'who knows what after each step, deduced from the sheets; knows no protocol',
    at: ['shared/knowledge'],
    imports: ['shared/basics', 'shared/record'],
  },
  {
    name: 'shared/adversary',
    purpose:
      'attacks as data and as what happens, their oracles, the matrix; the adversary as its window sees it',
    at: ['shared/adversary'],
    imports: [
      ...['shared/basics', ...CRYPTO, 'shared/record', 'shared/hl1', 'shared/hl1/drivers', 'shared/settings'],
    ],
  },
  {
    name: 'shared/run',
    purpose: 'runs as files: what is kept, how it is written and read, every check made again, moments',
    at: ['shared/run'],
    imports: [
      ...['shared/basics', ...CRYPTO, 'shared/record', 'shared/hl1', 'shared/hl1/drivers', 'shared/settings'],
      'shared/lab',
      'shared/adversary',
    ],
  },
  {
    name: 'shared/capture',
    purpose: 'captures of runs for Wireshark: written, read, and the dissector that is made of the sheets',
    at: ['shared/capture'],
    imports: [
      'shared/basics',
      ...CRYPTO,
      'shared/record',
      'shared/hl1',
      'shared/settings',
      'shared/adversary',
    ],
  },
  {
    name: 'shared/proof',
    purpose: 'a run as files with which others do every step again, with OpenSSL and a shell alone',
    at: ['shared/proof'],
    imports: [
      ...['shared/basics', ...CRYPTO, 'shared/record', 'shared/hl1', 'shared/export', 'shared/commands'],
      'shared/adversary',
    ],
  },
  {
    name: 'shared/report',
    purpose: 'a run as pages to be read: HTML that needs nothing else, which is printed too',
    at: ['shared/report'],
    imports: [
      ...['shared/basics', ...CRYPTO, 'shared/record', 'shared/hl1', 'shared/hl1/drivers', 'shared/settings'],
      ...['shared/inspect', 'shared/adversary', 'shared/run'],
    ],
  },
  {
    name: 'shared/ipc',
    purpose: 'the contract between windows and main',
    at: ['shared/ipc'],
    imports: [
      ...[
        'shared/basics',
        'shared/help',
        'shared/record',
        'shared/hl1',
        'shared/settings',
        'shared/export',
        'shared/windows',
      ],
      ...['shared/lab', 'shared/trial', 'shared/side-by-side', 'shared/knowledge', 'shared/adversary'],
      ...['shared/run', 'shared/commands', 'shared/crypto/pki', 'shared/issuing', 'shared/workshop'],
    ],
  },

  // main/: Electron's main process.
  {
    name: 'main/files',
    purpose: 'atomic, bounded files',
    at: ['main/files'],
    imports: ['shared/basics', 'shared/export'],
  },
  {
    name: 'main/log',
    purpose: 'the log that the app keeps',
    at: ['main/log'],
    imports: ['shared/basics', 'shared/lab', 'shared/ipc', 'main/files'],
  },
  {
    name: 'main/net',
    purpose: 'sockets, the listener, what authority and server share, limits',
    at: ['main/net'],
    imports: ['main/log', 'shared/basics', 'shared/record', 'shared/hl1', 'shared/hl1/drivers', 'shared/lab'],
  },
  ...[
    { name: 'authority', purpose: 'the certificate authority, listening' },
    { name: 'server', purpose: 'the application server, listening' },
    { name: 'client', purpose: 'the client over a socket' },
  ].map(({ name, purpose }) => ({
    name: `main/${name}`,
    purpose,
    at: [`main/${name}`],
    imports: [
      ...['shared/basics', ...CRYPTO, 'shared/record', 'shared/hl1', 'shared/hl1/drivers', 'shared/settings'],
      ...['shared/lab', 'main/log', 'main/net'],
      ...(name === 'authority' ? ['shared/issuing'] : []),
    ],
  })),
  {
    name: 'main/settings',
    purpose: 'the command line and the settings file',
    at: ['main/settings'],
    imports: ['main/log', 'shared/basics', 'shared/settings', 'main/files'],
  },
  {
    name: 'main/export',
    purpose: 'writing keys and certificates to files',
    at: ['main/export'],
    imports: [
      ...['main/log', 'shared/basics', ...CRYPTO, 'shared/hl1', 'shared/inspect', 'shared/export'],
      'main/files',
    ],
  },
  {
    name: 'main/lab',
    purpose: 'authority, server, journal and walk as one thing, and what happens in it, told once',
    at: ['main/lab'],
    imports: [
      'main/log',
      ...['shared/basics', ...CRYPTO, 'shared/record', 'shared/hl1', 'shared/hl1/drivers', 'shared/settings'],
      ...['shared/inspect', 'shared/windows', 'shared/lab', 'shared/trial', 'shared/side-by-side'],
      'shared/knowledge',
      ...['main/files', 'main/net', 'main/authority', 'main/server', 'main/client', 'main/settings'],
    ],
  },
  {
    name: 'main/experiments',
    purpose: 'whole runs in a lab of their own: trials, both suites side by side, runs to be listened to',
    at: ['main/experiments'],
    imports: [
      'main/log',
      ...['shared/basics', ...CRYPTO, 'shared/record', 'shared/hl1', 'shared/hl1/drivers', 'shared/settings'],
      ...['shared/lab', 'shared/trial', 'shared/side-by-side', 'shared/knowledge', 'shared/adversary'],
      ...['main/net', 'main/authority', 'main/server', 'main/client', 'main/lab'],
    ],
  },
  {
    name: 'main/recording',
    purpose: 'runs as files: put together, written, read in a thread; the run that is open',
    at: ['main/recording'],
    imports: [
      ...['shared/basics', ...CRYPTO, 'shared/crypto/containers', 'shared/record', 'shared/hl1'],
      ...['shared/settings', 'shared/windows', 'shared/lab', 'shared/run', 'main/files', 'main/lab'],
      ...[
        'main/export',
        'shared/capture',
        'shared/proof',
        'shared/adversary',
        'shared/hl1/drivers',
        'shared/knowledge',
        'main/experiments',
      ],
    ],
  },
  {
    name: 'main/workshop',
    purpose: 'chains of recipes judged for real, served over TLS on this machine, and written to a folder',
    at: ['main/workshop'],
    imports: [
      ...['shared/basics', ...CRYPTO, 'shared/inspect', 'shared/export', 'shared/workshop', 'main/files'],
      ...['main/log', 'main/lab'],
    ],
  },
  {
    name: 'main/adversary',
    purpose: 'the relay, and attacks on labs of their own, in threads',
    at: ['main/adversary'],
    imports: [
      ...['shared/basics', ...CRYPTO, 'shared/record', 'shared/hl1', 'shared/hl1/drivers', 'shared/settings'],
      ...[
        'shared/adversary',
        'main/log',
        'main/net',
        'main/server',
        'main/lab',
        'shared/run',
        'main/recording',
      ],
    ],
  },
  {
    name: 'main/terminal',
    purpose: 'the run without windows',
    at: ['main/terminal'],
    imports: [
      'main/log',
      ...['shared/basics', ...CRYPTO, 'shared/record', 'shared/hl1', 'shared/hl1/drivers', 'shared/settings'],
      ...[
        'shared/export',
        'shared/trial',
        'main/files',
        'main/net',
        'main/client',
        'main/export',
        'main/lab',
      ],
      ...['main/experiments', 'shared/adversary', 'main/adversary', 'shared/run', 'main/recording'],
      ...['shared/report', 'shared/workshop', 'main/workshop'],
    ],
  },
  {
    name: 'main/preload',
    purpose: 'the bridge of a window',
    at: ['main/preload'],
    imports: ['shared/windows', 'shared/lab', 'shared/ipc'],
  },
  {
    name: 'main/windows',
    purpose: 'the windows: scheme, placement, menu, barriers around pages, the person',
    at: ['main/windows'],
    imports: [
      ...['shared/basics', 'shared/help', 'shared/hl1', 'shared/settings', 'shared/windows', 'shared/lab'],
      ...['shared/ipc', 'shared/run', 'main/files', 'main/log', 'main/settings', 'main/lab', 'main/preload'],
    ],
  },
  {
    name: 'main/ipc',
    purpose: 'what each call from a window does, by topic; what windows are told',
    at: ['main/ipc'],
    imports: [
      ...['shared/basics', ...CRYPTO, 'shared/record', 'shared/hl1', 'shared/export', 'shared/windows'],
      ...['shared/lab', 'shared/trial', 'shared/side-by-side', 'shared/knowledge', 'shared/ipc'],
      ...['main/files', 'main/log', 'main/net', 'main/settings', 'main/export', 'main/lab'],
      ...['main/experiments', 'shared/adversary', 'main/adversary', 'main/windows', 'shared/run'],
      ...['main/recording', 'shared/capture', 'shared/report', 'shared/issuing', 'main/workshop'],
    ],
  },
  {
    name: 'main/start',
    purpose: 'set-up calls in order: the one place that knows all of main',
    at: ['main/index.ts', 'main/start.ts'],
    imports: [
      ...['shared/basics', ...CRYPTO, 'shared/settings', 'shared/windows', 'shared/lab'],
      ...[
        'main/files',
        'main/log',
        'main/settings',
        'main/authority',
        'main/lab',
        'main/experiments',
        'main/adversary',
        'main/recording',
        'main/workshop',
        'main/windows',
        'main/ipc',
      ],
    ],
  },

  // renderer/: Vue. Common rooms first, a window's own last.
  {
    name: 'renderer/common/protocols',
    purpose: 'the protocols that views know: of what windows share, the one place that says HL/1',
    at: ['renderer/common/protocols.ts'],
    imports: ['shared/record', 'shared/hl1'],
  },
  {
    name: 'renderer/common',
    purpose: 'the bridge to main, formats',
    at: ['renderer/common', 'renderer/markdown.d.ts'],
    imports: [
      'shared/basics',
      'shared/record',
      'shared/settings',
      'shared/windows',
      'shared/lab',
      'shared/ipc',
      'shared/run',
    ],
  },
  {
    name: 'renderer/common/composables',
    purpose: 'small pieces of state: busy, notice, dialogs, reveal',
    at: ['renderer/common/composables'],
    imports: [
      ...['shared/basics', 'shared/help', 'shared/record', 'shared/inspect', 'shared/windows', 'shared/lab'],
      ...['shared/ipc', 'renderer/common'],
    ],
  },
  {
    name: 'renderer/common/controls',
    purpose: 'buttons, boxes, banners and text that leads to Help, which know nothing of protocols and keys',
    at: ['renderer/common/controls'],
    imports: ['shared/basics', 'shared/help', 'renderer/common', 'renderer/common/composables'],
  },
  {
    name: 'renderer/common/later',
    purpose: 'parts of a window that are loaded late, and what stands in for one that is missing',
    at: ['renderer/common/later.ts', 'renderer/common/PartMissing.vue'],
    imports: ['shared/basics', ...COMMON],
  },
  {
    name: 'renderer/common/menu',
    purpose: 'a button with a menu, which is read when somebody turns to it',
    at: ['renderer/common/menu'],
    imports: [...COMMON, 'renderer/common/later'],
  },
  {
    name: 'renderer/common/symbols',
    purpose: 'keys by their symbols and colours, formulas, words with symbols in them',
    at: ['renderer/common/symbols'],
    imports: ['shared/help', 'shared/record', ...COMMON, PROTOCOLS],
  },
  {
    name: 'renderer/common/bytes',
    purpose: 'bytes in rows, with what they are',
    at: ['renderer/common/bytes'],
    imports: ['shared/basics', 'shared/record', ...COMMON, PROTOCOLS, 'renderer/common/symbols'],
  },
  {
    name: 'renderer/common/inspect',
    purpose: 'the inspector; its worker reads and judges, so that no file freezes a window',
    at: ['renderer/common/inspect'],
    imports: [
      ...[
        'shared/basics',
        'shared/help',
        'shared/crypto/encodings',
        'shared/crypto/asn1',
        'shared/record',
        'shared/inspect',
      ],
      ...['shared/export', 'shared/commands', 'shared/windows', 'shared/lab', 'shared/run'],
      ...[...COMMON, 'renderer/common/symbols', 'renderer/common/bytes'],
    ],
  },
  {
    name: 'renderer/common/message',
    purpose: 'a message: members, checks, layers, bytes; and the list of them',
    at: ['renderer/common/message'],
    imports: [
      ...['shared/basics', 'shared/help', ...CRYPTO, 'shared/record', 'shared/inspect', ...COMMON, PROTOCOLS],
      ...['renderer/common/symbols', 'renderer/common/bytes', 'renderer/common/inspect', 'shared/run'],
      ...['shared/commands', 'renderer/common/later'],
    ],
  },
  {
    name: 'renderer/common/recording',
    purpose: 'what is shown of a run that is open or saved, whatever the window',
    at: ['renderer/common/recording'],
    imports: [
      ...['shared/basics', 'shared/help', 'shared/record', 'shared/adversary', 'shared/run', ...COMMON],
      ...[PROTOCOLS, 'renderer/common/later', 'renderer/common/symbols', 'renderer/common/message'],
    ],
  },
  {
    name: 'renderer/common/keys',
    purpose: 'keys on cards and in rows, with what they are made of',
    at: ['renderer/common/keys'],
    imports: [
      ...['shared/basics', 'shared/crypto/encodings', 'shared/record', 'shared/inspect', 'shared/ipc'],
      ...[...COMMON, PROTOCOLS, 'renderer/common/symbols', 'renderer/common/inspect'],
      ...['renderer/common/message'],
    ],
  },
  {
    name: 'renderer/common/certificates',
    purpose: 'certificates on cards and in lists',
    at: ['renderer/common/certificates'],
    imports: ['shared/inspect', ...COMMON, 'renderer/common/symbols', 'renderer/common/inspect'],
  },
  {
    name: 'renderer/common/dialogs',
    purpose: 'settings, export, the protocol, about',
    at: ['renderer/common/dialogs'],
    imports: [
      ...[
        'shared/help',
        'shared/basics',
        'shared/crypto/primitives',
        'shared/settings',
        'shared/export',
        'shared/windows',
      ],
      ...['shared/lab', 'shared/ipc', ...COMMON, PROTOCOLS],
    ],
  },
  {
    name: 'renderer/common/window',
    purpose: 'the frame of every window: bar, tabs, notices, dialogs',
    at: ['renderer/common/window'],
    imports: [
      ...['shared/basics', 'shared/help', 'shared/record', 'shared/settings', 'shared/windows', 'shared/lab'],
      ...[
        ...COMMON,
        'renderer/common/later',
        'renderer/common/menu',
        'renderer/common/inspect',
        'renderer/common/message',
      ],
      ...['renderer/common/dialogs', 'renderer/common/recording'],
    ],
  },
  ...['authority', 'server'].map((role) => ({
    name: `renderer/${role}`,
    purpose: `the window of the ${role}`,
    at: [`renderer/${role}`],
    imports: [
      ...(role === 'authority' ? ['shared/crypto/pki', 'shared/issuing'] : []),
      ...['shared/basics', 'shared/record', 'shared/hl1', 'shared/settings', 'shared/inspect'],
      ...['shared/windows', 'shared/lab', ...COMMON, 'renderer/common/later', 'renderer/common/inspect'],
      ...['renderer/common/keys', 'renderer/common/certificates', 'renderer/common/window'],
      'renderer/common/recording',
    ],
  })),
  {
    name: 'renderer/client/walk',
    purpose: 'the client’s role and the walk, without Vue',
    at: ['renderer/client/walk'],
    imports: [
      ...['shared/basics', ...CRYPTO, 'shared/record', 'shared/hl1', 'shared/hl1/drivers', 'shared/settings'],
      ...['shared/lab', 'shared/ipc', 'shared/run', 'renderer/common'],
    ],
  },
  {
    name: 'renderer/client/composables',
    purpose: 'the walk and the diagram, as the views watch them',
    at: ['renderer/client/composables'],
    imports: [
      ...['shared/basics', ...CRYPTO, 'shared/record', 'shared/hl1', 'shared/hl1/drivers', 'shared/settings'],
      ...[
        'shared/lab',
        'shared/ipc',
        'shared/run',
        'renderer/common',
        'renderer/common/later',
        'renderer/client/walk',
      ],
    ],
  },
  {
    name: 'renderer/client/suites',
    purpose: 'the sheet of both suites side by side',
    at: ['renderer/client/suites'],
    imports: [
      ...['shared/basics', 'shared/crypto/primitives', 'shared/record', 'shared/hl1', 'shared/side-by-side'],
      ...['shared/ipc', ...COMMON, PROTOCOLS, 'renderer/common/symbols', 'renderer/common/message'],
    ],
  },
  {
    name: 'renderer/client/trial',
    purpose: 'the sheet of lifetime trials',
    at: ['renderer/client/trial'],
    imports: [
      ...['shared/basics', 'shared/record', 'shared/hl1', 'shared/settings', 'shared/lab', 'shared/trial'],
      ...['shared/ipc', ...COMMON],
    ],
  },
  {
    name: 'renderer/client',
    purpose: 'the window of the client',
    at: ['renderer/client'],
    imports: [
      ...[
        'shared/basics',
        'shared/help',
        'shared/record',
        'shared/hl1',
        'shared/settings',
        'shared/inspect',
        'shared/windows',
      ],
      ...[
        'shared/lab',
        'shared/ipc',
        ...COMMON,
        PROTOCOLS,
        'renderer/common/later',
        'renderer/common/menu',
        'renderer/common/symbols',
      ],
      ...['renderer/common/inspect', 'renderer/common/message', 'renderer/common/keys'],
      ...['renderer/common/certificates', 'renderer/common/window', 'renderer/common/recording'],
      ...['renderer/client/walk', 'renderer/client/composables', 'renderer/client/suites'],
      ...['renderer/client/trial'],
    ],
  },

  {
    name: 'renderer/knowledge',
    purpose: 'the window of who knows what: moments, leaks, messages that open, the genealogy of keys',
    at: ['renderer/knowledge'],
    imports: [
      ...[
        'shared/basics',
        'shared/record',
        'shared/hl1',
        'shared/knowledge',
        'shared/run',
        'shared/ipc',
        ...COMMON,
      ],
      ...[PROTOCOLS, 'renderer/common/later', 'renderer/common/symbols', 'renderer/common/recording'],
    ],
  },

  {
    name: 'renderer/help',
    purpose: 'the window of Help: its pages, search, and the way through them',
    at: ['renderer/help'],
    imports: ['shared/basics', 'shared/help', 'shared/windows', ...COMMON, 'renderer/common/later'],
  },
  {
    name: 'renderer/adversary',
    purpose: 'the window of the adversary',
    at: ['renderer/adversary'],
    imports: [
      ...['shared/basics', 'shared/help', 'shared/record', 'shared/hl1', 'shared/inspect', 'shared/windows'],
      ...['shared/ipc', 'shared/adversary', ...COMMON, PROTOCOLS, 'renderer/common/later'],
      ...['renderer/common/symbols', 'renderer/common/bytes', 'renderer/common/message'],
      'renderer/common/window',
    ],
  },

  {
    name: 'renderer/attacks',
    purpose: 'the window of attacks: the matrix, what checks are worth, the ladder, and runs as they were',
    at: ['renderer/attacks'],
    imports: [
      ...['shared/basics', 'shared/record', 'shared/hl1', 'shared/adversary', 'shared/windows', 'shared/ipc'],
      ...[...COMMON, 'renderer/common/later', 'renderer/common/symbols', 'renderer/common/inspect'],
      ...['renderer/common/message', 'renderer/common/recording', 'renderer/common/window'],
    ],
  },

  {
    name: 'renderer/workshop',
    purpose: 'the window of the certificate workshop: recipes, judges, a chain of one’s own, what is served',
    at: ['renderer/workshop'],
    imports: [
      'shared/crypto/encodings',
      ...[
        'shared/basics',
        'shared/help',
        'shared/inspect',
        'shared/workshop',
        'shared/windows',
        'shared/ipc',
      ],
      ...[...COMMON, 'renderer/common/later', 'renderer/common/inspect', 'renderer/common/window'],
      'renderer/common/certificates',
    ],
  },

  {
    name: 'bench',
    purpose: 'measurements: they run the real parts',
    at: ['bench'],
    imports: [
      ...['shared/basics', 'shared/crypto/primitives', 'shared/crypto/pki', 'shared/record', 'shared/hl1'],
      ...[
        'shared/hl1/drivers',
        'shared/settings',
        'main/net',
        'main/authority',
        'main/server',
        'main/client',
      ],
      ...['main/lab', 'main/experiments', 'main/terminal', 'shared/adversary', 'main/adversary'],
    ],
  },
]
