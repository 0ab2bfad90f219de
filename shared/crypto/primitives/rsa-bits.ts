/** Sizes of RSA keys that can be chosen, for whoever has no need of the cryptography. */

export const RSA_BITS = [2048, 3072, 4096] as const
export type RsaBits = (typeof RSA_BITS)[number]
