/** The settings of the lab: their rules, their defaults, and what is wrong with a wrong one. */
import * as v from 'valibot'
import { fromHex, toHex } from './bytes'
import { addressBytes, isDnsName } from './crypto/pki/host-name'
import { isWeakDesKey } from './crypto/primitives/des-keys'
import { RSA_BITS } from './crypto/primitives/rsa-bits'
import { LabError } from './errors'
import { LONGEST_MAX_AGE } from './hl1/freshness'
import { DEFAULT_IDENTITIES, isIdentity } from './hl1/identity'
import { LONGEST_LIFETIME } from './hl1/lifetime'
import { NAME_POLICIES, type NamePolicy } from './hl1/names'
import { SUITE_NAMES } from './hl1/suite-names'

/** Sizes of text and all that is drawn, in percent of the usual one. */
export const TEXT_SIZES = [90, 100, 115, 130, 150, 175, 200] as const

const whole = (from: number, to: number, what: string) =>
  v.pipe(
    v.number(`${what} is a whole number from ${from} to ${to}.`),
    v.integer(`${what} is a whole number from ${from} to ${to}.`),
    v.minValue(from, `${what} is at least ${from}.`),
    v.maxValue(to, `${what} is at most ${to}.`),
  )
const identity = (whose: string) =>
  v.pipe(
    v.string(`The identity of the ${whose} is a text.`),
    v.check(
      isIdentity,
      `The identity of the ${whose} has 1 to 48 letters, digits, dots, underscores or hyphens (A-Z, a-z, 0-9, . _ -).`,
    ),
  )
const bootstrapKey = v.pipe(
  v.string('The bootstrap key is written in hex.'),
  v.regex(/^[0-9a-fA-F]{16}$/, 'The bootstrap key has 8 bytes: 16 hex digits.'),
  v.check((text) => {
    const key = fromHex(text)
    return key !== undefined && !isWeakDesKey(key)
  }, 'The bootstrap key is a weak or semi-weak DES key: choose another.'),
)

/** How many names the server's certificate may have besides those of this machine. */
const MOST_NAMES = 20
/** The names in a text: between them are commas or white space. */
export function namesIn(text: string): readonly string[] {
  return text.split(/[\s,]+/).filter((name) => name !== '')
}
const serverNames = v.pipe(
  v.string('The names of the server’s certificate are a text.'),
  v.maxLength(6_000, 'The names of the server’s certificate are too long.'),
  v.check(
    (text) => namesIn(text).length <= MOST_NAMES,
    `The server’s certificate has at most ${MOST_NAMES} names more.`,
  ),
  v.check(
    (text) => namesIn(text).every((name) => addressBytes(name) !== undefined || isDnsName(name)),
    'Each name of the server’s certificate is a DNS name, as in my.test or *.my.test, or an IP address.',
  ),
)

/** Every setting with its rule. Ports: 0 asks for any free one. Ages and limits are seconds, validity is days. */
export const settingsSchema = v.object({
  authorityPort: whole(0, 65_535, 'The authority’s port'),
  serverPort: whole(0, 65_535, 'The server’s port'),
  authorityIdentity: identity('authority'),
  serverIdentity: identity('server'),
  clientIdentity: identity('client'),
  suite: v.picklist(SUITE_NAMES, `The suite is one of: ${SUITE_NAMES.join(', ')}.`),
  rsaBits: v.picklist(RSA_BITS, `RSA keys have ${RSA_BITS.join(', ')} bits.`),
  validityDays: whole(1, 3650, 'The validity of certificates in days'),
  serverNames,
  listDays: whole(1, 3650, 'The validity of revocation lists in days'),
  namesList: v.boolean('Whether certificates name the revocation list is yes or no.'),
  listPort: whole(0, 65_535, 'The port of the revocation list'),
  maxAge: whole(1, LONGEST_MAX_AGE, 'The message age limit in seconds'),
  lifetime: whole(1, LONGEST_LIFETIME, 'The session lifetime in seconds'),
  bootstrapKey,
  names: v.picklist(NAME_POLICIES, `Who may register a name is one of: ${NAME_POLICIES.join(', ')}.`),
  enforceAddress: v.boolean('Whether the client’s address is enforced is yes or no.'),
  idleLimit: whole(1, 3600, 'The idle limit in seconds'),
  maxConnections: whole(1, 10_000, 'The number of connections at once'),
  theme: v.picklist(['system', 'light', 'dark'], 'The theme is system, light or dark.'),
  textSize: v.picklist(TEXT_SIZES, `The size of text is one of: ${TEXT_SIZES.join(', ')} %.`),
})

export type Settings = Readonly<v.InferOutput<typeof settingsSchema>>

/** What settings say of looks, which can be shown before they are kept. */
export const looksSchema = v.pick(settingsSchema, ['theme', 'textSize'])
export type Looks = Readonly<v.InferOutput<typeof looksSchema>>

/** The looks among settings that may be wrong elsewhere; undefined where they are wrong themselves. */
export function readLooks(value: object): Looks | undefined {
  const result = v.safeParse(looksSchema, value)
  return result.success ? result.output : undefined
}

/** `K_boot` as every copy of the program knows it (protocol.md section 3). */
const DEFAULT_BOOTSTRAP_KEY = toHex(new TextEncoder().encode('LAB-KEY!'))

/** What the choices of who may register a name are called. */
export const NAME_POLICY_TITLES: Readonly<Record<NamePolicy, string>> = {
  anyone: 'Anyone',
  first: 'The first, until you allow another',
  ask: 'Whoever you allow, asked each time',
}

/** Lifetimes that are a click away: the original's trials. */
export const LIFETIME_PRESETS = [10, 60, 100] as const

export const DEFAULT_SETTINGS: Settings = {
  authorityPort: 17_401,
  serverPort: 17_402,
  authorityIdentity: DEFAULT_IDENTITIES.authority,
  serverIdentity: DEFAULT_IDENTITIES.server,
  clientIdentity: DEFAULT_IDENTITIES.client,
  suite: 'classic',
  rsaBits: 2048,
  validityDays: 365,
  serverNames: '',
  listDays: 7,
  namesList: false,
  listPort: 17_403,
  maxAge: 10,
  lifetime: 60,
  bootstrapKey: DEFAULT_BOOTSTRAP_KEY,
  names: 'anyone',
  enforceAddress: false,
  idleLimit: 30,
  maxConnections: 256,
  theme: 'system',
  textSize: 100,
}

/** What is wrong with single settings, by name. */
export type SettingsProblems = Readonly<Partial<Record<keyof Settings, string>>>

/** Judges settings from outside; members that are missing get their defaults, unknown ones are dropped. */
export function readSettings(
  value: unknown,
): { readonly settings: Settings } | { readonly problems: SettingsProblems } {
  const given = typeof value === 'object' && value !== null ? value : {}
  const result = v.safeParse(settingsSchema, { ...DEFAULT_SETTINGS, ...given })
  if (result.success) {
    const problems = conflictsOf(result.output)
    return Object.keys(problems).length > 0 ? { problems } : { settings: result.output }
  }
  const problems: Partial<Record<keyof Settings, string>> = {}
  for (const issue of result.issues) {
    const name = issue.path?.[0]?.key as keyof Settings | undefined
    if (name) problems[name] ??= issue.message
  }
  return { problems }
}

/**
 * Judges stored settings one by one: what is not allowed, as in a file of a newer version, has its default, and all others hold.
 * `problems` says what was not taken.
 */
export function readEachSetting(value: object): {
  readonly settings: Settings
  readonly problems: SettingsProblems
} {
  const given: Readonly<Record<string, unknown>> = { ...value }
  const first = readSettings(given)
  if ('settings' in first) return { ...first, problems: {} }
  const { problems } = first
  const kept = Object.fromEntries(Object.entries(given).filter(([name]) => !(name in problems)))
  const second = readSettings(kept)
  if ('settings' in second) return { ...second, problems }
  // One of them is another's usual one.
  const { authorityPort: _authorityPort, serverPort: _serverPort, listPort: _listPort, ...others } = kept
  return { settings: requireSettings(others), problems: { ...problems, ...second.problems } }
}

/** The members of stored settings that this version knows nothing of. */
export function unknownSettings(value: object): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(value).filter(([name]) => !Object.hasOwn(DEFAULT_SETTINGS, name)))
}

/** What is wrong with settings that are each allowed by themselves. */
function conflictsOf({ authorityPort, serverPort, namesList, listPort }: Settings): SettingsProblems {
  if (authorityPort === serverPort && serverPort !== 0)
    return { serverPort: `The server needs a port of its own: ${serverPort} is the authority’s.` }
  if (!namesList || listPort === 0 || (listPort !== authorityPort && listPort !== serverPort)) return {}
  const whose = listPort === authorityPort ? 'the authority’s' : 'the server’s'
  return { listPort: `The revocation list needs a port of its own: ${listPort} is ${whose}.` }
}

/** As {@link readSettings}; throws LabError `bad_setting` with every problem. */
export function requireSettings(value: unknown): Settings {
  const read = readSettings(value)
  if ('settings' in read) return read.settings
  throw new LabError('bad_setting', Object.values(read.problems).join(' '))
}
