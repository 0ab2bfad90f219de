/** Why judges say what surprises, where more than one recipe has the same reason. */

export const STRICT_ALONE =
  'OpenSSL checks that with -x509_strict alone, which programs that connect do not ask for.'
export const DER_NOT_HELD =
  'It reads BER, and what types may not hold, where it can: a form that is odd keeps nobody out.'
export const GNUTLS_LOOKS_AWAY = 'GnuTLS does not check that.'
export const GNUTLS_KINDS =
  'GnuTLS compares DNS names, mail and addresses with what is permitted, and passes over other kinds.'
export const GNUTLS_LISTS = 'GnuTLS refuses nobody for want of a list that can be relied on.'
export const GNUTLS_NORMAL = 'Without --verify-profile certtool takes keys of 1024 bits.'
export const NODE_LEVEL =
  'Node brings an OpenSSL of its own at security level 1, which takes RSA of 1024 bits, and Electron’s BoringSSL has no levels; Debian’s OpenSSL is at level 2.'
export const KEY_NOT_TRIED =
  'Nothing is verified with the server’s key when files are judged, and its numbers are not looked at.'
