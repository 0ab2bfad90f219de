/** What bcrypt-pbkdf exports; it has no types of its own. */
declare module 'bcrypt-pbkdf' {
  const library: {
    /** One round: fills the 32 bytes of `out` from two hashes of 64 bytes. */
    readonly hash: (passphraseHash: Uint8Array, saltHash: Uint8Array, out: Uint8Array) => void
  }
  export default library
}
