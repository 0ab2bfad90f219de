/** Members that the steps of both suites have in common. */
import type { MemberSpec } from '../record/member'
import type { KeySymbol } from './keys'

/** A member of this protocol. */
export type Member = MemberSpec<KeySymbol>

export const ID_S = {
  name: 'id_s',
  symbol: 'ID_S',
  kind: 'identity',
  nature: { is: 'identity', of: 'server' },
} as const
export const ID_C = {
  name: 'id_c',
  symbol: 'ID_C',
  kind: 'identity',
  nature: { is: 'identity', of: 'client' },
} as const

/** The timestamp of a step. */
export const timestamp = <N extends number>(step: N) =>
  ({
    name: `ts${step}`,
    symbol: `TS${step}`,
    kind: 'timestamp',
    nature: { is: 'timestamp' },
    meaning: 'When the message was made. The receiver refuses it when it is too old or lies ahead.',
  }) as const satisfies Member

export const x509 = {
  name: 'x509_s',
  symbol: 'X509_S',
  kind: 'pem',
  nature: { is: 'certificate', for: 'PK_S', by: 'SK_CA' },
  meaning:
    'The authority’s statement in the form that browsers and servers use, with dates and permitted uses.',
} as const satisfies Member

/** A symmetric key that a message carries; `length` in bytes. */
export const carriedKey = <const N extends string, const K extends KeySymbol>(
  name: N,
  key: K,
  length: number,
  meaning: string,
) =>
  ({
    name,
    symbol: key,
    kind: 'bytes',
    nature: { is: 'key', key },
    length,
    meaning,
  }) as const satisfies Member

/** 32 random bytes. */
export const nonce = <const N extends string, const S extends string>(name: N, symbol: S, meaning: string) =>
  ({ name, symbol, kind: 'bytes', nature: { is: 'nonce' }, length: 32, meaning }) as const satisfies Member

/** The client's own end of the connection, in step 5. */
export const clientEndpoint = [
  {
    name: 'ip_c',
    symbol: 'IP_C',
    kind: 'text',
    nature: { is: 'address', of: 'client' },
    meaning: 'The client’s own address, so that the server can compare it with where the message came from.',
  },
  {
    name: 'port_c',
    symbol: 'Port_C',
    kind: 'integer',
    nature: { is: 'port', of: 'client' },
    meaning: 'The client’s own port, for the same comparison.',
  },
] as const satisfies readonly Member[]

export const lifetime = {
  name: 'lifetime_sess',
  symbol: 'Lifetime_sess',
  kind: 'integer',
  nature: { is: 'lifetime' },
  meaning: 'How many seconds the session key may be used, from this message’s timestamp on.',
} as const satisfies Member

export const request = {
  name: 'req',
  symbol: 'Req',
  kind: 'text',
  nature: { is: 'payload' },
  meaning: 'What the client wants from the server.',
} as const satisfies Member

export const data = {
  name: 'data',
  symbol: 'Data',
  kind: 'text',
  nature: { is: 'payload' },
  meaning: 'The server’s answer to the request.',
} as const satisfies Member
