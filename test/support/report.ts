/** What a report says, and what of a run must not be in it. */
import type { Run } from '#shared/run/run'
import { secretsOfRsaKey, type Secret } from './secret-search'

const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', '#39': "'" }

/** The text of a page as somebody reads it: without tags, with single spaces. */
export function textOf(html: string): string {
  return html
    .replace(/<style>[^<]*<\/style>/, '')
    .replace(/<[^>]*>/g, ' ')
    .replace(/&(\w+|#39);/g, (entity, name: string) => ENTITIES[name] ?? entity)
    .replace(/\s+/g, ' ')
}

/** What is wrong with a page as it is written: tags that do not close, names given twice, links that lead nowhere, what loads or runs. */
export function faultsOf(html: string): readonly string[] {
  const found: string[] = []
  const open: string[] = []
  for (const [, close, name = '', rest = ''] of html.matchAll(
    /<(\/?)([a-z][a-z0-9]*)((?:[^>"]|"[^"]*")*)>/g,
  )) {
    if (/^(meta|br)$/.test(name) || rest.endsWith('/')) continue
    if (close !== '/') open.push(name)
    else if (open.pop() !== name) found.push(`</${name}> closes another`)
  }
  if (open.length > 0) found.push(`open: ${open.join(' ')}`)
  const ids = [...html.matchAll(/ id="([^"]*)"/g)].map(([, id]) => id)
  if (new Set(ids).size !== ids.length) found.push('an id is given twice')
  for (const [, target = ''] of html.matchAll(/ href="([^"]*)"/g))
    if (!target.startsWith('#') || !ids.includes(target.slice(1))) found.push(`${target} leads nowhere`)
  if (/<(script|img|link|iframe|object|embed|form|base)\b|\s(on\w+|src|style)="/.test(html))
    found.push('loads or runs')
  return found
}

/** Every secret that a run has. */
export function secretsOfRun({ records, secrets }: Run): readonly Secret[] {
  const carried = records.flatMap(({ id, members }) =>
    members.flatMap(({ name, secret, value }): readonly Secret[] => {
      if (!secret || value === undefined) return []
      if (value instanceof Uint8Array) return [{ name: `${name} of ${id}`, bytes: value }]
      return secretsOfRsaKey(`${name} of ${id}`, String(value))
    }),
  )
  const keys = (secrets?.connections ?? []).flatMap(({ connection, role, keys: own }) =>
    Object.entries(own).map(([symbol, bytes]) => ({ name: `${symbol} of ${role}, ${connection}`, bytes })),
  )
  const privateKeys = Object.entries(secrets?.privateKeys ?? {}).flatMap(([symbol, pem]) =>
    secretsOfRsaKey(symbol, pem),
  )
  const others = (secrets?.others ?? []).flatMap((pem, index) =>
    secretsOfRsaKey(`other key ${index + 1}`, pem),
  )
  return [...carried, ...keys, ...privateKeys, ...others]
}
