/** Kinds of keys that are named here and can’t be judged: what they are for. */

/** By the beginning of the algorithm's name; the first that fits. */
const PURPOSES: readonly (readonly [names: RegExp, purpose: string])[] = [
  [/^(?:Hash)?ML-DSA-/, 'for signatures that withstand quantum computers (FIPS 204)'],
  [/^(?:Hash)?SLH-DSA-/, 'for signatures that withstand quantum computers, by hashes alone (FIPS 205)'],
  [/^(?:HSS-LMS|XMSS)/, 'for signatures that withstand quantum computers, each counted (SP 800-208)'],
  [/^ML-KEM-/, 'for agreeing on a key, against quantum computers too (FIPS 203)'],
  [/^MLDSA\d+-/, 'for two signatures at once, ML-DSA and a classic one (composite)'],
  [/^MLKEM\d+-/, 'for agreeing on a key in two ways at once, ML-KEM and a classic one (composite)'],
  [/^falcon/, 'for signatures that withstand quantum computers (Falcon, not a standard yet)'],
  [/^dilithium/, 'for signatures of a draft of ML-DSA (Dilithium)'],
  [/^gostR3410/, 'for signatures and for agreeing on a key (GOST R 34.10, RFC 9215)'],
  [/^id-RSAES-OAEP$/, 'for encrypting alone (RFC 4055)'],
  [/^id-ec(?:DH|MQV)$/, 'for agreeing on a key alone (RFC 5480)'],
]

/** What keys of an algorithm are for, in a sentence's predicate; undefined for one that isn't known. */
export function purposeOf(algorithm: string): string | undefined {
  return PURPOSES.find(([names]) => names.test(algorithm))?.[1]
}
