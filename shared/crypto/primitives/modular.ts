/** Arithmetic with whole numbers modulo another, for public numbers: its time tells what they are. */

/** The remainder that is not negative. */
export function residue(value: bigint, modulus: bigint): bigint {
  const rest = value % modulus
  return rest < 0n ? rest + modulus : rest
}

/** `base` to the power of `exponent`, which is not negative, modulo a positive number. */
export function powerOf(base: bigint, exponent: bigint, modulus: bigint): bigint {
  let result = 1n % modulus
  let factor = residue(base, modulus)
  for (let rest = exponent; rest > 0n; rest >>= 1n) {
    if ((rest & 1n) === 1n) result = (result * factor) % modulus
    factor = (factor * factor) % modulus
  }
  return result
}

/** The inverse modulo a prime; 0 for 0. */
export function inverseOf(value: bigint, prime: bigint): bigint {
  return powerOf(value, prime - 2n, prime)
}
