/** Keys, algorithms with their parameters, and signatures in ASN.1 notation: RFC 3279, 4055, 5480, 5915, 5958, 7914, 8017, 8018, 8410. */

export const KEYS = `
AlgorithmIdentifier ::= SEQUENCE {
  algorithm OBJECT IDENTIFIER,
  parameters ANY DEFINED BY algorithm (Parameters) OPTIONAL }
SubjectPublicKeyInfo ::= SEQUENCE {
  algorithm AlgorithmIdentifier,
  subjectPublicKey BIT STRING (CONTAINING ANY DEFINED BY algorithm (PublicKeys)) }

-- RFC 5958 and its older form, RFC 5208

OneAsymmetricKey ::= SEQUENCE {
  version PrivateKeyVersion,
  privateKeyAlgorithm AlgorithmIdentifier,
  privateKey OCTET STRING (CONTAINING ANY DEFINED BY privateKeyAlgorithm (PrivateKeys)),
  attributes [0] IMPLICIT Attributes OPTIONAL,
  publicKey [1] IMPLICIT BIT STRING OPTIONAL }
PrivateKeyVersion ::= INTEGER { v1(0), v2(1) }
EncryptedPrivateKeyInfo ::= SEQUENCE { encryptionAlgorithm AlgorithmIdentifier, encryptedData OCTET STRING }

-- RFC 8017

RSAPublicKey ::= SEQUENCE { modulus INTEGER, publicExponent INTEGER }
RSAPrivateKey ::= SEQUENCE {
  version RSAVersion,
  modulus INTEGER,
  publicExponent INTEGER,
  privateExponent INTEGER,
  prime1 INTEGER,
  prime2 INTEGER,
  exponent1 INTEGER,
  exponent2 INTEGER,
  coefficient INTEGER,
  otherPrimeInfos SEQUENCE OF OtherPrimeInfo OPTIONAL }
RSAVersion ::= INTEGER { two-prime(0), multi(1) }
OtherPrimeInfo ::= SEQUENCE { prime INTEGER, exponent INTEGER, coefficient INTEGER }
RSASSA-PSS-params ::= SEQUENCE {
  hashAlgorithm [0] AlgorithmIdentifier OPTIONAL,
  maskGenAlgorithm [1] AlgorithmIdentifier OPTIONAL,
  saltLength [2] INTEGER DEFAULT 20,
  trailerField [3] INTEGER { trailerFieldBC(1) } DEFAULT 1 }
RSAES-OAEP-params ::= SEQUENCE {
  hashAlgorithm [0] AlgorithmIdentifier OPTIONAL,
  maskGenAlgorithm [1] AlgorithmIdentifier OPTIONAL,
  pSourceAlgorithm [2] AlgorithmIdentifier OPTIONAL }
DigestInfo ::= SEQUENCE { digestAlgorithm AlgorithmIdentifier, digest OCTET STRING }

-- RFC 5480, 5915, SEC 1

ECParameters ::= CHOICE {
  namedCurve OBJECT IDENTIFIER, implicitCurve NULL, specifiedCurve SpecifiedECDomain }
SpecifiedECDomain ::= SEQUENCE {
  version INTEGER,
  fieldID FieldID,
  curve Curve,
  base OCTET STRING,
  order INTEGER,
  cofactor INTEGER OPTIONAL,
  hash AlgorithmIdentifier OPTIONAL }
FieldID ::= SEQUENCE { fieldType OBJECT IDENTIFIER, parameters ANY }
Curve ::= SEQUENCE { a OCTET STRING, b OCTET STRING, seed BIT STRING OPTIONAL }
ECPrivateKey ::= SEQUENCE {
  version INTEGER { ecPrivkeyVer1(1) },
  privateKey OCTET STRING,
  parameters [0] ECParameters OPTIONAL,
  publicKey [1] BIT STRING OPTIONAL }
ECDSA-Sig-Value ::= SEQUENCE { r INTEGER, s INTEGER }
CurvePrivateKey ::= OCTET STRING

-- DSA and Diffie-Hellman: RFC 3279, PKCS #3; DSAPrivateKey is OpenSSL's own

Dss-Parms ::= SEQUENCE { p INTEGER, q INTEGER, g INTEGER }
DSAPublicKey ::= INTEGER
DSAPrivateValue ::= INTEGER
DSAPrivateKey ::= SEQUENCE { version INTEGER, p INTEGER, q INTEGER, g INTEGER, y INTEGER, x INTEGER }
Dss-Sig-Value ::= SEQUENCE { r INTEGER, s INTEGER }
DHParameter ::= SEQUENCE { prime INTEGER, base INTEGER, privateValueLength INTEGER OPTIONAL }
DomainParameters ::= SEQUENCE {
  p INTEGER, g INTEGER, q INTEGER, j INTEGER OPTIONAL, validationParms ValidationParms OPTIONAL }
ValidationParms ::= SEQUENCE { seed BIT STRING, pgenCounter INTEGER }
DHPublicKey ::= INTEGER
DHPrivateValue ::= INTEGER

-- Encryption under a passphrase: RFC 8018, 7292, 7914

PBES2-params ::= SEQUENCE {
  keyDerivationFunc AlgorithmIdentifier,
  encryptionScheme AlgorithmIdentifier }
PBKDF2-params ::= SEQUENCE {
  salt PBKDF2Salt,
  iterationCount INTEGER,
  keyLength INTEGER OPTIONAL,
  prf AlgorithmIdentifier OPTIONAL }
PBKDF2Salt ::= CHOICE { specified OCTET STRING, otherSource AlgorithmIdentifier }
PBMAC1-params ::= SEQUENCE { keyDerivationFunc AlgorithmIdentifier, messageAuthScheme AlgorithmIdentifier }
PBEParameter ::= SEQUENCE { salt OCTET STRING, iterationCount INTEGER }
Scrypt-params ::= SEQUENCE {
  salt OCTET STRING,
  costParameter INTEGER,
  blockSize INTEGER,
  parallelizationParameter INTEGER,
  keyLength INTEGER OPTIONAL }
InitialVector ::= OCTET STRING
RC2-CBC-Parameter ::= CHOICE {
  iv OCTET STRING, params SEQUENCE { rc2ParameterVersion INTEGER, iv OCTET STRING } }
GCMParameters ::= SEQUENCE { aes-nonce OCTET STRING, aes-ICVlen INTEGER OPTIONAL }
OAEPLabel ::= OCTET STRING
`
