import { spawnSync } from 'node:child_process'
import { beforeAll, describe, expect, it, vi } from 'vitest'
import { fromHex, toHex, toUtf8, type Bytes } from '#shared/bytes'
import { decodePem, encodePem } from '#shared/crypto/encodings/pem'
import { decryptPkcs8, encryptPkcs8, encryptedPkcs8Length } from '#shared/crypto/containers/pkcs8'
import { generateRsaKeyPair } from '#shared/crypto/primitives/rsa'
import { systemEnvironment } from '#shared/hl1/environment'

const { random } = systemEnvironment
const PASSPHRASE = 'grüne Wiese 🌱 "$HOME"'

// Deriving keys from passphrases is slow on purpose.
vi.setConfig({ testTimeout: 30_000, hookTimeout: 30_000 })

/** OpenSSL keeps old methods in a module of their own. */
const LEGACY = ['-provider', 'legacy', '-provider', 'default']

let pkcs8: Bytes
let locked: Bytes

/** Runs OpenSSL; it reads the passphrase from the environment. */
function openssl(arguments_: readonly string[], input: string | Uint8Array, passphrase = PASSPHRASE) {
  return spawnSync('openssl', arguments_, { input, env: { ...process.env, PASSPHRASE: passphrase } })
}

/** The key as OpenSSL locks it with a method. */
function lockedByOpenssl(method: readonly string[]): Bytes {
  const pem = encodePem('PRIVATE KEY', pkcs8)
  const made = openssl(['pkcs8', '-topk8', ...method, '-passout', 'env:PASSPHRASE'], pem)
  return decodePem('ENCRYPTED PRIVATE KEY', String(made.stdout))
}

/** A copy whose INTEGER of iterations, 3 bytes of content, has this content; the lengths around it grow with it. */
function withIterations(der: Bytes, content: string): Bytes {
  const [before, after, rest] = toHex(der).split('02030927c0')
  expect(rest).toBeUndefined()
  const integer = `020${content.length / 2}${content}`
  const copy = fromHex(before! + integer + after!)!
  // The low byte of the length of each sequence that holds it: outermost, algorithm, scheme, derivation, parameters.
  for (const at of [3, 5, 18, 20, 33]) copy[at]! += content.length / 2 - 3
  return copy
}

beforeAll(async () => {
  pkcs8 = (await generateRsaKeyPair(2048)).privateKey.pkcs8
  locked = await encryptPkcs8(pkcs8, PASSPHRASE, random)
})

describe('a private key under a passphrase', () => {
  it('opens with the passphrase, and is the same key', async () => {
    expect(toHex(await decryptPkcs8(locked, PASSPHRASE))).toBe(toHex(pkcs8))
  })

  it('is refused with another passphrase, with a code of its own', async () => {
    await expect(decryptPkcs8(locked, `${PASSPHRASE} `)).rejects.toMatchObject({ code: 'wrong_passphrase' })
  })

  it('is refused when what comes out is no private key, though the padding is right', async () => {
    const nonsense = await encryptPkcs8(toUtf8('no key at all'), PASSPHRASE, random)
    // Three bytes of padding are no chance: the passphrase is right.
    await expect(decryptPkcs8(nonsense, PASSPHRASE)).rejects.toMatchObject({
      code: 'bad_encrypted_key',
      message: expect.stringContaining('opens with this passphrase'),
    })
  })

  it('has fresh salt and IV each time', async () => {
    const again = await encryptPkcs8(pkcs8, PASSPHRASE, random)
    expect(again.length).toBe(locked.length)
    expect(toHex(again.slice(-64))).not.toBe(toHex(locked.slice(-64)))
  })

  it('is as long as foretold, for every remainder of the block length', async () => {
    expect(encryptedPkcs8Length(pkcs8.length)).toBe(locked.length)
    for (const length of [15, 16, 17]) {
      const made = await encryptPkcs8(new Uint8Array(length), 'x', random)
      expect(encryptedPkcs8Length(length)).toBe(made.length)
    }
  })
})

describe('OpenSSL and this program', () => {
  it('OpenSSL opens what was written here, and finds the promised parameters', () => {
    const opened = openssl(['pkey', '-inform', 'DER', '-passin', 'env:PASSPHRASE', '-outform', 'DER'], locked)
    expect(opened.status, String(opened.stderr)).toBe(0)
    const plain = openssl(['pkcs8', '-topk8', '-nocrypt', '-inform', 'DER', '-outform', 'DER'], opened.stdout)
    expect(plain.stdout.toString('hex')).toBe(toHex(pkcs8))

    const structure = String(openssl(['asn1parse', '-inform', 'DER'], locked).stdout)
    for (const part of ['PBES2', 'PBKDF2', 'hmacWithSHA256', 'aes-256-cbc']) expect(structure).toContain(part)
    expect(structure).toMatch(/INTEGER +:0927C0\n/)
    expect(structure).toMatch(/OCTET STRING +\[HEX DUMP\]:[0-9A-F]{32}\n/)
  })

  it('OpenSSL refuses another passphrase', () => {
    const arguments_ = ['pkey', '-inform', 'DER', '-passin', 'env:PASSPHRASE', '-noout']
    expect(openssl(arguments_, locked, 'another').status).not.toBe(0)
    expect(openssl(arguments_, locked).status).toBe(0)
  })

  it('what OpenSSL has written opens here', async () => {
    const der = lockedByOpenssl(['-v2', 'aes-256-cbc'])
    expect(toHex(await decryptPkcs8(der, PASSPHRASE))).toBe(toHex(pkcs8))
  })

  it.each([
    ['another cipher', ['-v2', 'aes-128-cbc']],
    ['a cipher that Chromium lacks', ['-v2', 'aes-192-cbc']],
    ['3DES', ['-v2', 'des-ede3-cbc']],
    ['Camellia', ['-v2', 'camellia-256-cbc']],
    ['Camellia of 192 bits', ['-v2', 'camellia-192-cbc']],
    ['Camellia of 128 bits', ['-v2', 'camellia-128-cbc']],
    ['RC2 by PBES2', ['-v2', 'rc2-cbc', ...LEGACY]],
    ['RC2 of 64 bits by PBES2', ['-v2', 'rc2-64-cbc', ...LEGACY]],
    ['RC2 of 40 bits by PBES2', ['-v2', 'rc2-40-cbc', ...LEGACY]],
    ['a function of MD5', ['-v2', 'aes-256-cbc', '-v2prf', 'hmacWithMD5']],
    ['a function that WebCrypto lacks', ['-v2', 'aes-256-cbc', '-v2prf', 'hmacWithSHA224']],
    ['a function of SHA-512/256', ['-v2', 'aes-256-cbc', '-v2prf', 'hmacWithSHA512-256']],
    ['RC2 and MD5', ['-v1', 'PBE-MD5-RC2-64', ...LEGACY]],
    ['RC2 and SHA-1', ['-v1', 'PBE-SHA1-RC2-64', ...LEGACY]],
    ['another function', ['-v2', 'aes-256-cbc', '-v2prf', 'hmacWithSHA512']],
    ['scrypt', ['-v2', 'aes-256-cbc', '-scrypt']],
    ['a scheme of PKCS#12', ['-v1', 'PBE-SHA1-3DES']],
    ['RC2, as old tools did', ['-v1', 'PBE-SHA1-RC2-40', ...LEGACY]],
    ['DES and MD5, as older ones did', ['-v1', 'PBE-MD5-DES', ...LEGACY]],
    ['DES and SHA-1', ['-v1', 'PBE-SHA1-DES', ...LEGACY]],
  ])('what OpenSSL has written with %s opens here', async (_name, method) => {
    const der = lockedByOpenssl(method)
    expect(toHex(await decryptPkcs8(der, PASSPHRASE))).toBe(toHex(pkcs8))
    await expect(decryptPkcs8(der, 'another')).rejects.toMatchObject({ code: 'wrong_passphrase' })
  })

  it.each([
    ['ARIA', ['-v2', 'aria-256-cbc'], 'the cipher aria256-CBC'],
    ['RC4', ['-v1', 'PBE-SHA1-RC4-128', ...LEGACY], 'the method pbeWithSHAAnd128BitRC4'],
  ])('names %s as not supported', async (_name, method, named) => {
    const refused = decryptPkcs8(lockedByOpenssl(method), PASSPHRASE)
    await expect(refused).rejects.toMatchObject({ code: 'unsupported_encryption' })
    await expect(refused).rejects.toThrow(named)
  })
})

describe('bytes that are no such key', () => {
  it('are refused when cut short, at every length', async () => {
    for (let length = 0; length < locked.length; length += 37) {
      const cut = locked.slice(0, length)
      await expect(decryptPkcs8(cut, PASSPHRASE)).rejects.toMatchObject({ code: 'bad_encrypted_key' })
    }
  })

  it('are refused with bytes after their end', async () => {
    const longer = new Uint8Array([...locked, 0])
    await expect(decryptPkcs8(longer, PASSPHRASE)).rejects.toMatchObject({ code: 'bad_encrypted_key' })
  })

  it('are refused when they are a plain key', async () => {
    await expect(decryptPkcs8(pkcs8, PASSPHRASE)).rejects.toMatchObject({ code: 'bad_encrypted_key' })
  })

  it.each([
    ['10,000,001', '00989681'],
    ['2,147,483,647', '7fffffff'],
    ['2^39', '0080000000'],
    ['no', '00'],
    ['a negative number of', 'f927c0'],
  ])('are refused when they ask for %s iterations', async (_name, content) => {
    const asking = withIterations(locked, content)
    const { status } = openssl(['asn1parse', '-inform', 'DER'], asking)
    expect(status, 'the bytes are whole DER still').toBe(0)
    await expect(decryptPkcs8(asking, PASSPHRASE)).rejects.toMatchObject({ code: 'bad_encrypted_key' })
  })

  it('are read with another number of iterations within the limit', async () => {
    const fewer = withIterations(locked, '0800')
    await expect(decryptPkcs8(fewer, PASSPHRASE)).rejects.toMatchObject({ code: 'wrong_passphrase' })
  })
})
