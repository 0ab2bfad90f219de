/** Which library makes TLS in this process: OpenSSL in Node, BoringSSL in Electron. They take and refuse other certificates. */
import type { TlsLibrary } from '#shared/workshop/boring-ssl'

/** Electron gives no version of OpenSSL, as it has none. */
export const TLS_LIBRARY: TlsLibrary = /^[1-9]/.test(process.versions.openssl) ? 'OpenSSL' : 'BoringSSL'
