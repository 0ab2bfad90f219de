/** The settings as the dialog shows them: groups, labels, units, hints, and when a change takes effect. */
import { RSA_BITS } from '#shared/crypto/primitives/rsa-bits'
import { MENU_KEYS } from '#shared/help/menu-keys'
import { ROLE_KEYS } from '#shared/help/shortcuts'
import { NAME_POLICY_TITLES, TEXT_SIZES, type Settings } from '#shared/settings'
import type { SettingsEffect } from '#shared/settings-effects'
import { keysInText } from '../composables/written-keys'
import { protocolOf } from '../protocols'
import { AGE_LIMIT_NAME } from '../setting-names'

export type SettingName = keyof Settings

interface FieldText {
  readonly name: SettingName
  readonly label: string
  readonly hint?: string
}

/** One field: how it is edited, and what it says. */
export type Field = FieldText &
  (
    | { readonly kind: 'number'; readonly unit?: string; readonly lifetimes?: boolean }
    | { readonly kind: 'text' | 'hex' | 'check' }
    | {
        readonly kind: 'choice'
        readonly choices: readonly { readonly value: string; readonly text: string }[]
      }
  )

export interface FieldGroup {
  readonly title: string
  /** When changes here take effect. */
  readonly note: string
  readonly fields: readonly Field[]
}

/** The keys of the menu that change the size of text for a while. */
const [LARGER, SMALLER, USUAL] = [ROLE_KEYS.zoomIn, ROLE_KEYS.zoomOut, MENU_KEYS.usualSize].map(({ keys }) =>
  keysInText(keys[0]),
)

export const SETTINGS_GROUPS: readonly FieldGroup[] = [
  {
    title: 'Session and freshness',
    note: 'For the next connection.',
    fields: [
      { kind: 'number', name: 'lifetime', label: 'Session lifetime', unit: 'seconds', lifetimes: true },
      {
        kind: 'number',
        name: 'maxAge',
        label: AGE_LIMIT_NAME,
        unit: 'seconds',
        hint: 'A timestamp further from the receiver’s clock is refused.',
      },
      {
        kind: 'check',
        name: 'enforceAddress',
        label: 'Refuse a client whose address differs from the one in step 5',
        hint: 'Otherwise the difference is only noted.',
      },
    ],
  },
  {
    title: 'Protocol',
    note: 'For the next connection.',
    fields: [
      {
        kind: 'choice',
        name: 'suite',
        label: 'Suite',
        hint: 'A walk in another one begins with step 1. A session that runs keeps its own.',
        choices: Object.values(protocolOf(undefined).suites).map(({ name, title }) => ({
          value: name,
          text: title,
        })),
      },
      {
        kind: 'hex',
        name: 'bootstrapKey',
        label: 'Bootstrap key',
        hint: '8 bytes in hex. Client and server need the same one; it protects nothing.',
      },
    ],
  },
  {
    title: 'Addresses',
    note: 'At once: a role that runs moves to its new port.',
    fields: [
      { kind: 'number', name: 'authorityPort', label: 'Authority’s port', hint: '0 takes any free port.' },
      { kind: 'number', name: 'serverPort', label: 'Server’s port', hint: '0 takes any free port.' },
    ],
  },
  {
    title: 'Names',
    note: 'At once for authority and server, for the next connection for the client.',
    fields: [
      {
        kind: 'text',
        name: 'authorityIdentity',
        label: 'Authority',
        hint: 'Another name makes another authority, with a new key.',
      },
      {
        kind: 'text',
        name: 'serverIdentity',
        label: 'Server',
        hint: 'Its certificate carries the name: with another one it has to register again.',
      },
      { kind: 'text', name: 'clientIdentity', label: 'Client' },
      {
        kind: 'choice',
        name: 'names',
        label: 'Who may register a name',
        hint: 'For the next request. “The first” keeps it until the authority stops. When you are asked, in the authority’s window, you have five sixths of the idle limit.',
        choices: Object.entries(NAME_POLICY_TITLES).map(([value, text]) => ({ value, text })),
      },
    ],
  },
  {
    title: 'Keys and certificates',
    note: 'For keys and certificates made from now on.',
    fields: [
      {
        kind: 'choice',
        name: 'rsaBits',
        label: 'RSA key size',
        hint: 'Larger keys take seconds to make.',
        choices: RSA_BITS.map((bits) => ({ value: String(bits), text: `${bits} bits` })),
      },
      { kind: 'number', name: 'validityDays', label: 'Validity', unit: 'days' },
      {
        kind: 'text',
        name: 'serverNames',
        label: 'More names of the server',
        hint: 'Host names and addresses besides localhost and 127.0.0.1, as in my.test, *.my.test, 192.0.2.7. The server has to register again to get them.',
      },
      {
        kind: 'number',
        name: 'listDays',
        label: 'Revocation list',
        unit: 'days',
        hint: 'So long a list is good for; the authority signs a new one before that.',
      },
      {
        kind: 'check',
        name: 'namesList',
        label: 'Hand the revocation list out, and name its address in new certificates',
        hint: 'By HTTP, on this machine alone, while the authority runs.',
      },
      { kind: 'number', name: 'listPort', label: 'Port of the list', hint: '0 takes any free port.' },
    ],
  },
  {
    title: 'Limits',
    note: 'For the next connection.',
    fields: [
      {
        kind: 'number',
        name: 'idleLimit',
        label: 'Idle limit',
        unit: 'seconds',
        hint: 'A peer that keeps silent longer is dropped. It does not run while you walk step by step.',
      },
      { kind: 'number', name: 'maxConnections', label: 'Connections at once' },
    ],
  },
  {
    title: 'Appearance',
    note: 'At once, before it is saved; Cancel takes it back.',
    fields: [
      {
        kind: 'choice',
        name: 'theme',
        label: 'Theme',
        choices: [
          { value: 'system', text: 'As the system' },
          { value: 'light', text: 'Light' },
          { value: 'dark', text: 'Dark' },
        ],
      },
      {
        kind: 'choice',
        name: 'textSize',
        label: 'Size of text',
        hint: `In every window once it is saved, with all that is drawn. ${LARGER} and ${SMALLER} change it in one window for a while, ${USUAL} goes back to this everywhere.`,
        choices: TEXT_SIZES.map((size) => ({
          value: String(size),
          text: size === 100 ? 'Usual' : `${size} %`,
        })),
      },
    ],
  },
]

/** What the button says that saves: also what has to be done besides. */
export function saveText(effects: readonly SettingsEffect[]): string {
  const has = (kind: SettingsEffect['kind']): boolean => effects.some((effect) => effect.kind === kind)
  if (has('new_authority')) return 'Save and make a new authority'
  if (has('move_authority'))
    return has('move_server') ? 'Save and restart both' : 'Save and restart authority'
  return has('move_server') ? 'Save and restart server' : 'Save'
}

/** Settings as they stand in the fields. */
export type Draft = Record<SettingName, string | boolean>

const NUMBERS = new Set<SettingName>([
  'rsaBits',
  'textSize',
  ...SETTINGS_GROUPS.flatMap((group) => group.fields)
    .filter((field) => field.kind === 'number')
    .map((field) => field.name),
])

export function draftOf(settings: Settings): Draft {
  const entries = Object.entries(settings).map(([name, value]) => [
    name,
    typeof value === 'number' ? String(value) : value,
  ])
  return Object.fromEntries(entries) as Draft
}

/** What is sent to be judged. A number that can't be read becomes NaN, which no rule lets pass. */
export function valuesOf(draft: Draft): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(draft).map(([name, value]) => [
      name,
      NUMBERS.has(name as SettingName)
        ? numberOf(String(value))
        : typeof value === 'string'
          ? value.trim()
          : value,
    ]),
  )
}

function numberOf(text: string): number {
  return /^\s*\d+\s*$/.test(text) ? Number(text) : Number.NaN
}
