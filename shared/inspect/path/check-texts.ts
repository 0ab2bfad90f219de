/** The profiles and the checks of a path in words. */
import type { ProfileId } from '../artifact'
import type { PathCheckId } from './verdict'

/** Titles of the profiles, and whom each judges like. */
export const PROFILE_TEXTS: Readonly<
  Record<ProfileId, { readonly title: string; readonly purpose: string }>
> = {
  openssl: {
    title: 'OpenSSL strict',
    purpose: 'as openssl verify -x509_strict -auth_level 2 does (record 0014)',
  },
  web: {
    title: 'Web',
    purpose: 'as browsers do: alternative names alone, and what they ask beyond RFC 5280 (record 0050)',
  },
}

/** Titles and purposes of the checks. */
export const PATH_CHECKS: Readonly<
  Record<PathCheckId, { readonly title: string; readonly purpose: string }>
> = {
  trust_anchor: {
    title: 'Trust anchor',
    purpose: 'The path has to end at a certificate that you trust for itself.',
  },
  issuer: {
    title: 'Issuer',
    purpose: 'Each certificate has to be issued by the next one in the path.',
  },
  signature: {
    title: 'Signature',
    purpose: 'Each issuer’s key has to have signed the very bytes of the certificate below it.',
  },
  dates: {
    title: 'Dates',
    purpose: 'Every certificate of the path has to be valid now.',
  },
  host_name: {
    title: 'Host name',
    purpose: 'The certificate has to be for the host that one connects to, not just for any.',
  },
  basic_constraints: {
    title: 'Basic constraints',
    purpose: 'Only certificates of authorities may issue others.',
  },
  path_length: {
    title: 'Path length',
    purpose: 'An authority may limit how many authorities can be below it.',
  },
  key_usage: {
    title: 'Key usage',
    purpose: 'A key is used only for what its issuer allowed: signing certificates, or a server’s work.',
  },
  extended_key_usage: {
    title: 'Extended key usage',
    purpose: 'A certificate for another purpose, mail for one, must not pass as a server’s.',
  },
  name_constraints: {
    title: 'Name constraints',
    purpose: 'An authority may be limited to some names; those below it must keep to them.',
  },
  policies: {
    title: 'Policies',
    purpose: 'An authority may ask that one of its policies holds for all certificates below it.',
  },
  key_size: {
    title: 'Key size',
    purpose: 'A key that can be computed from its public half protects nothing.',
  },
  signature_hash: {
    title: 'Signature hash',
    purpose: 'With a weak hash a second certificate can be made that the same signature fits.',
  },
  critical_extensions: {
    title: 'Critical extensions',
    purpose: 'What is marked as critical has to be understood, or the certificate be refused.',
  },
  extensions: {
    title: 'Extensions',
    purpose: 'Each extension has to be there only once and be readable.',
  },
  key_identifiers: {
    title: 'Key identifiers',
    purpose: 'They tell which of an authority’s keys signed, when it has several.',
  },
  names: {
    title: 'Names',
    purpose: 'A certificate has to say who issued it and whom it is for.',
  },
  form: {
    title: 'Version and algorithms',
    purpose: 'A certificate that contradicts itself can be read in two ways.',
  },
  revocation: {
    title: 'Revocation',
    purpose: 'An authority can revoke a certificate before it expires.',
  },
}
