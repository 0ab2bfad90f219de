/** The keys of the protocol by symbol: what each is, and the one hue and glyph that stand for it everywhere. */
import type { KeyInfo } from '../record/key'
import type { Role } from './roles'

export const KEY_SYMBOLS = [
  'PK_CA',
  'SK_CA',
  'PK_S',
  'SK_S',
  'K_boot',
  'K_tmp1',
  'K_tmp2',
  'K_sess',
  'K_hs',
  'K_6',
  'K_c2s',
  'K_s2c',
] as const
export type KeySymbol = (typeof KEY_SYMBOLS)[number]

/** Every key of the protocol (protocol.md, introduction and section 3). */
export const KEYS: Readonly<Record<KeySymbol, KeyInfo<KeySymbol, Role>>> = {
  PK_CA: {
    symbol: 'PK_CA',
    family: 'authority',
    name: 'public key of the certificate authority',
    kind: 'public key',
    about:
      'Read from the authority’s certificate, the trust anchor, which server and client have from outside the protocol.',
    origin: {
      authority: 'Own key pair, made when the authority started.',
      server: 'From the authority’s certificate, which the server trusts from outside the protocol.',
      client: 'From the authority’s certificate, which the client trusts from outside the protocol.',
    },
  },
  SK_CA: {
    symbol: 'SK_CA',
    family: 'authority',
    name: 'private key of the certificate authority',
    kind: 'private key',
    about:
      'Made by the authority when it starts. Signs certificates and opens step 1; nobody else ever holds it.',
    origin: {
      authority: 'Own key pair, made when the authority started.',
    },
  },
  PK_S: {
    symbol: 'PK_S',
    family: 'server',
    name: 'public key of the application server',
    kind: 'public key',
    about: 'Certified by the authority. The client sends its temporary key under it, in step 5.',
    origin: {
      authority: 'Made here for the server, in step 2.',
      server: 'Arrived in step 2, with the certificates.',
      client: 'Arrived in step 4; the certificates vouch for it.',
    },
  },
  SK_S: {
    symbol: 'SK_S',
    family: 'server',
    name: 'private key of the application server',
    kind: 'private key',
    about:
      'Opens step 5: only its holder learns the client’s temporary key. In suite modern it signs the request of step 1 and the proof of step 4 too.',
    origin: {
      authority: 'Made here for the server, in step 2.',
      server: 'Arrived in step 2, under K_tmp1.',
    },
  },
  K_boot: {
    symbol: 'K_boot',
    family: 'bootstrap',
    name: 'bootstrap key',
    kind: 'symmetric key',
    known: true,
    setting: 'bootstrapKey',
    about:
      'A constant that every copy of the program knows. It hides steps 3 and 4 from a casual look and protects nothing.',
    origin: {
      server: 'A constant of the program, or of its settings.',
      client: 'A constant of the program, or of its settings.',
    },
  },
  K_tmp1: {
    symbol: 'K_tmp1',
    family: 'temporary1',
    name: 'first temporary key',
    kind: 'symmetric key',
    about: 'Made by the server, sent to the authority in step 1, for the authority’s answer in step 2.',
    origin: {},
  },
  K_tmp2: {
    symbol: 'K_tmp2',
    family: 'temporary2',
    name: 'second temporary key',
    kind: 'symmetric key',
    about:
      'Made by the client, sent to the server in step 5, for the server’s answer in step 6. That is under it in suite classic, and under a key derived from it in suite modern.',
    origin: {},
  },
  K_sess: {
    symbol: 'K_sess',
    family: 'session',
    name: 'session key',
    kind: 'symmetric key',
    about:
      'Made by the server, sent to the client in step 6, for requests and answers until its lifetime ends. Those are under it in suite classic, and under keys derived from it in suite modern.',
    origin: {},
  },
  K_hs: {
    symbol: 'K_hs',
    family: 'handshake',
    name: 'handshake key',
    kind: 'symmetric key',
    about:
      'Derived by client and server from their two ephemeral shares and everything said so far. Protects steps 4 and 5; the shares that it comes from are never used again.',
    origin: {},
  },
  K_6: {
    symbol: 'K_6',
    family: 'temporary2',
    name: 'key of step 6',
    kind: 'symmetric key',
    about:
      'Derived from the client’s temporary key and the shared secret: whoever can use it has opened step 5.',
    origin: {},
  },
  K_c2s: {
    symbol: 'K_c2s',
    family: 'session',
    name: 'session key, client to server',
    kind: 'symmetric key',
    about: 'Derived from the session key, the shared secret and the whole handshake. Protects requests.',
    origin: {},
  },
  K_s2c: {
    symbol: 'K_s2c',
    family: 'session',
    name: 'session key, server to client',
    kind: 'symmetric key',
    about:
      'Derived like K_c2s, with another label. Protects answers: none of them can be sent back as a request.',
    origin: {},
  },
}

/** True for the symbol of a key, whatever else symbols name. */
export function isKeySymbol(symbol: string): symbol is KeySymbol {
  return Object.hasOwn(KEYS, symbol)
}
