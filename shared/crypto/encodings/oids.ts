/** The one table of object identifiers and their names, from the RFCs and standards that define them. */
import { LabError } from '../../errors'

/** Nobody has registered it: what stands under it is known to no program. */
export const UNREGISTERED = '1.2.3.4.5'

/** An arc, then number and name of what is registered below it. */
const REGISTERED = `
1.2.840.10040.2            1 holdinstruction-none  2 holdinstruction-callissuer  3 holdinstruction-reject
1.2.840.10040.4            1 id-dsa  3 id-dsa-with-sha1
1.2.840.10045.1            1 prime-field  2 characteristic-two-field
1.2.156.10197.1            301 SM2  401 sm3  501 SM2-with-SM3
1.2.840.10045.2            1 id-ecPublicKey
1.2.840.10045.3.0          1 c2pnb163v1  2 c2pnb163v2  3 c2pnb163v3  4 c2pnb176w1  5 c2tnb191v1  6 c2tnb191v2
1.2.840.10045.3.0          7 c2tnb191v3  10 c2pnb208w1  11 c2tnb239v1  12 c2tnb239v2  13 c2tnb239v3  16 c2pnb272w1
1.2.840.10045.3.0          17 c2pnb304w1  18 c2tnb359v1  19 c2pnb368w1  20 c2tnb431r1
1.2.840.10045.3.1          1 secp192r1  2 prime192v2  3 prime192v3  4 prime239v1  5 prime239v2  6 prime239v3  7 secp256r1
1.2.840.10045.4            1 ecdsa-with-SHA1
1.2.840.10045.4.3          1 ecdsa-with-SHA224  2 ecdsa-with-SHA256  3 ecdsa-with-SHA384  4 ecdsa-with-SHA512
1.2.840.10046.2            1 dhpublicnumber
1.2.840.113533.7.65        0 entrustVersInfo
1.2.840.113549.1.1         1 rsaEncryption  2 md2WithRSAEncryption  3 md4WithRSAEncryption  4 md5WithRSAEncryption
1.2.840.113549.1.1         5 sha1WithRSAEncryption  7 id-RSAES-OAEP  8 id-mgf1  9 id-pSpecified  10 id-RSASSA-PSS
1.2.840.113549.1.1         11 sha256WithRSAEncryption  12 sha384WithRSAEncryption  13 sha512WithRSAEncryption
1.2.840.113549.1.1         14 sha224WithRSAEncryption  15 sha512-224WithRSAEncryption  16 sha512-256WithRSAEncryption
1.2.840.113549.1.3         1 dhKeyAgreement
1.2.840.113549.1.5         1 pbeWithMD2AndDES-CBC  3 pbeWithMD5AndDES-CBC  4 pbeWithMD2AndRC2-CBC  6 pbeWithMD5AndRC2-CBC
1.2.840.113549.1.5         10 pbeWithSHA1AndDES-CBC  11 pbeWithSHA1AndRC2-CBC  12 PBKDF2  13 PBES2  14 PBMAC1
1.2.840.113549.1.7         1 data  2 signedData  3 envelopedData  4 signedAndEnvelopedData  5 digestedData  6 encryptedData
1.2.840.113549.1.9         1 emailAddress  2 unstructuredName  3 contentType  4 messageDigest  5 signingTime
1.2.840.113549.1.9         6 countersignature  7 challengePassword  8 unstructuredAddress  14 extensionRequest
1.2.840.113549.1.9         15 smimeCapabilities  20 friendlyName  21 localKeyId
1.2.840.113549.1.9.16.1    4 tSTInfo  9 compressedData  23 authEnvelopedData
1.2.840.113549.1.9.16.3    17 HSS-LMS
1.2.840.113549.1.9.16.2    12 signingCertificate  14 timeStampToken  47 signingCertificateV2
1.2.840.113549.1.9.16.3    18 AEADChaCha20Poly1305
1.2.840.113549.1.9.22      1 x509Certificate  2 sdsiCertificate
1.2.840.113549.1.9.23      1 x509Crl
1.2.840.113549.1.12.1      1 pbeWithSHAAnd128BitRC4  2 pbeWithSHAAnd40BitRC4  3 pbeWithSHAAnd3-KeyTripleDES-CBC
1.2.840.113549.1.12.1      4 pbeWithSHAAnd2-KeyTripleDES-CBC  5 pbeWithSHAAnd128BitRC2-CBC  6 pbeWithSHAAnd40BitRC2-CBC
1.2.840.113549.1.12.10.1   1 keyBag  2 pkcs8ShroudedKeyBag  3 certBag  4 crlBag  5 secretBag  6 safeContentsBag
1.2.392.200011.61.1.1.1    2 camellia128-CBC  3 camellia192-CBC  4 camellia256-CBC
1.2.410.200004.1           4 seed-CBC
1.2.410.200046.1.1         2 aria128-CBC  7 aria192-CBC  12 aria256-CBC
1.2.156.10197.1.104        2 sm4-CBC
1.2.840.113549.2           2 md2  4 md4  5 md5  6 hmacWithMD5  7 hmacWithSHA1  8 hmacWithSHA224  9 hmacWithSHA256  10 hmacWithSHA384
1.2.840.113549.2           11 hmacWithSHA512  12 hmacWithSHA512-224  13 hmacWithSHA512-256
1.2.840.113549.3           2 rc2CBC  4 rc4  7 des-EDE3-CBC  9 rc5-CBC-PAD
1.2.840.113635.100.6       2.1 appleSubordinateCa
1.3.6.1.4.1.311.2.1        14 msExtensionRequest  21 msIndividualCodeSigning  22 msCommercialCodeSigning
1.3.6.1.4.1.311.10.3       1 msTrustListSigning  3 msServerGatedCrypto  4 msEncryptedFileSystem  12 msDocumentSigning
1.3.6.1.4.1.311.17         1 msKeyProviderName  2 msLocalMachineKeyset
1.3.6.1.4.1.311.20         2 msCertificateTemplateName
1.3.6.1.4.1.311.20.2       1 msEnrollmentAgent  2 msSmartCardLogin  3 msUserPrincipalName
1.3.6.1.4.1.311.21         1 msCaVersion  2 msPreviousCertificateHash  7 msCertificateTemplate  10 msApplicationPolicies
1.3.6.1.4.1.311.25         2 msNtdsSecurity
1.3.6.1.4.1.311.25.2       1 msNtdsObjectSid
1.3.6.1.4.1.311.60.2.1     1 jurisdictionLocality  2 jurisdictionStateOrProvince  3 jurisdictionCountry
1.3.6.1.4.1.11129.2.4      2 signedCertificateTimestampList  3 precertificatePoison  4 precertificateSigning
1.3.6.1.4.1.11129.2.4      5 ocspSignedCertificateTimestampList
1.3.6.1.4.1.11591.4        11 scrypt
1.3.6.1.4.1.44947.1.1      1 isrgDomainValidated
1.3.6.1.5.2.3              4 kerberosClientAuth  5 kerberosKdc
1.3.6.1.5.5.7.1            1 authorityInfoAccess  2 biometricInfo  3 qcStatements  7 ipAddrBlocks  8 autonomousSysIds
1.3.6.1.5.5.7.1            11 subjectInfoAccess  14 proxyCertInfo  24 tlsFeature
1.3.6.1.5.5.7.2            1 cps  2 userNotice
1.3.6.1.5.5.7.3            1 serverAuth  2 clientAuth  3 codeSigning  4 emailProtection  5 ipsecEndSystem  6 ipsecTunnel
1.3.6.1.5.5.7.3            7 ipsecUser  8 timeStamping  9 OCSPSigning  13 eapOverPPP  14 eapOverLAN  17 ipsecIKE
1.3.6.1.5.5.7.3            21 secureShellClient  22 secureShellServer  28 cmcRA  36 documentSigning
1.3.6.1.5.5.7.6            34 XMSS-HASHSIG  35 XMSSMT-HASHSIG  37 MLDSA44-RSA2048-PSS-SHA256
1.3.6.1.5.5.7.6            38 MLDSA44-RSA2048-PKCS15-SHA256  39 MLDSA44-Ed25519-SHA512  40 MLDSA44-ECDSA-P256-SHA256
1.3.6.1.5.5.7.6            41 MLDSA65-RSA3072-PSS-SHA512  42 MLDSA65-RSA3072-PKCS15-SHA512
1.3.6.1.5.5.7.6            43 MLDSA65-RSA4096-PSS-SHA512  44 MLDSA65-RSA4096-PKCS15-SHA512
1.3.6.1.5.5.7.6            45 MLDSA65-ECDSA-P256-SHA512  46 MLDSA65-ECDSA-P384-SHA512
1.3.6.1.5.5.7.6            47 MLDSA65-ECDSA-brainpoolP256r1-SHA512  48 MLDSA65-Ed25519-SHA512
1.3.6.1.5.5.7.6            49 MLDSA87-ECDSA-P384-SHA512  50 MLDSA87-ECDSA-brainpoolP384r1-SHA512
1.3.6.1.5.5.7.6            51 MLDSA87-Ed448-SHAKE256  52 MLDSA87-RSA3072-PSS-SHA512  53 MLDSA87-RSA4096-PSS-SHA512
1.3.6.1.5.5.7.6            54 MLDSA87-ECDSA-P521-SHA512
1.3.6.1.5.5.7.8            5 xmppAddr  7 dnsSRV  9 smtpUTF8Mailbox
1.3.6.1.5.5.7.9            1 dateOfBirth  2 placeOfBirth  3 gender  4 countryOfCitizenship  5 countryOfResidence
1.3.6.1.5.5.7.11           1 qcSyntax-v1  2 qcSyntax-v2
1.3.6.1.5.5.7.48           1 ocsp  2 caIssuers  3 timeStampingAccess  5 caRepository
1.3.6.1.5.5.7.48.1         1 ocspBasic  2 ocspNonce  3 ocspCrl  4 ocspResponse  5 ocspNoCheck  6 ocspArchiveCutoff
1.3.6.1.5.5.7.48.1         7 ocspServiceLocator  9 ocspExtendedRevoke
1.3.14.3.2                 2 md4WithRSA  3 md5WithRSA  7 desCBC  12 dsaOIW  13 dsaWithSHAOIW  26 sha1  27 dsaWithSHA1OIW
1.3.14.3.2                 29 sha1WithRSAOIW
1.3.6.1.4.1.2.267.7        4.4 dilithium2  6.5 dilithium3  8.7 dilithium5
1.3.9999.3                 1 falcon512-2020  4 falcon1024-2020  6 falcon512-2023  9 falcon1024-2023  11 falcon512  14 falcon1024
1.3.9999.3                 16 falconpadded512  19 falconpadded1024
1.3.36.3.2                 1 ripemd160
1.3.36.3.3.1               2 ripemd160WithRSA
1.3.36.3.3.2.8.1.1         1 brainpoolP160r1  2 brainpoolP160t1  3 brainpoolP192r1  4 brainpoolP192t1  5 brainpoolP224r1
1.3.36.3.3.2.8.1.1         6 brainpoolP224t1  7 brainpoolP256r1  8 brainpoolP256t1  9 brainpoolP320r1  10 brainpoolP320t1
1.3.36.3.3.2.8.1.1         11 brainpoolP384r1  12 brainpoolP384t1  13 brainpoolP512r1  14 brainpoolP512t1
1.3.101                    110 X25519  111 X448  112 Ed25519  113 Ed448
1.3.132.0                  1 sect163k1  2 sect163r1  3 sect239k1  4 sect113r1  5 sect113r2  6 secp112r1  7 secp112r2
1.3.132.0                  8 secp160r1  9 secp160k1  10 secp256k1  15 sect163r2  22 sect131r1  23 sect131r2
1.3.132.0                  24 sect193r1  25 sect193r2  29 secp128r2
1.3.132.0                  16 sect283k1  17 sect283r1  26 sect233k1  27 sect233r1  28 secp128r1  30 secp160r2  31 secp192k1
1.3.132.0                  32 secp224k1  33 secp224r1  34 secp384r1  35 secp521r1  36 sect409k1  37 sect409r1  38 sect571k1
1.3.132.0                  39 sect571r1
1.3.132.1                  12 id-ecDH  13 id-ecMQV
0.4.0.1862.1               1 qcCompliance  2 qcLimitValue  3 qcRetentionPeriod  4 qcSSCD  5 qcPDS  6 qcType  7 qcCClegislation
0.4.0.1862.1.6             1 qcTypeEsign  2 qcTypeEseal  3 qcTypeWeb
0.9.2342.19200300.100.1    1 userId  3 mail  25 domainComponent
1.2.643.2.2                3 gostR341194WithR34102001  19 gostR34102001  30.1 gostR341194CryptoProParamSet
1.2.643.2.2                35.1 gostR34102001CryptoProAParamSet  36.0 gostR34102001CryptoProXchAParamSet
1.2.643.7.1.1.1            1 gostR34102012-256  2 gostR34102012-512
1.2.643.7.1.1.3            2 gostR34112012-256WithR34102012  3 gostR34112012-512WithR34102012
1.2.643.100                1 OGRN  3 SNILS  5 OGRNIP
1.2.643.3.131.1            1 INN
2.5.4                      3 commonName  4 surname  5 serialNumber  6 countryName  7 localityName  8 stateOrProvinceName
2.5.4                      9 streetAddress  10 organizationName  11 organizationalUnitName  12 title  13 description
2.5.4                      15 businessCategory  16 postalAddress  17 postalCode  18 postOfficeBox  20 telephoneNumber
2.5.4                      41 name  42 givenName  43 initials  44 generationQualifier  45 uniqueIdentifier  46 dnQualifier
2.5.4                      54 dmdName  65 pseudonym  72 role  97 organizationIdentifier
2.5.8.1                    1 rsa
2.5.29                     9 subjectDirectoryAttributes  14 subjectKeyIdentifier  15 keyUsage  16 privateKeyUsagePeriod
2.5.29                     17 subjectAltName  18 issuerAltName  19 basicConstraints  20 cRLNumber  21 cRLReason
2.5.29                     23 holdInstructionCode  24 invalidityDate  27 deltaCRLIndicator  28 issuingDistributionPoint
2.5.29                     29 certificateIssuer  30 nameConstraints  31 cRLDistributionPoints  32 certificatePolicies
2.5.29                     33 policyMappings  35 authorityKeyIdentifier  36 policyConstraints  37 extKeyUsage
2.5.29                     46 freshestCRL  54 inhibitAnyPolicy
2.5.29.32                  0 anyPolicy
2.5.29.37                  0 anyExtendedKeyUsage
2.16.840.1.101.2.1.11      39 federalPkiPolicy
2.16.840.1.101.3.4         1 AES
2.16.840.1.101.3.4.1       1 aes128-ECB  2 aes128-CBC  5 aes128-wrap  6 aes128-GCM  7 aes128-CCM
2.16.840.1.101.3.4.1       21 aes192-ECB  22 aes192-CBC  25 aes192-wrap  26 aes192-GCM  27 aes192-CCM
2.16.840.1.101.3.4.1       41 aes256-ECB  42 aes256-CBC  45 aes256-wrap  46 aes256-GCM  47 aes256-CCM
2.16.840.1.101.3.4.2       1 sha256  2 sha384  3 sha512  4 sha224  5 sha512-224  6 sha512-256  7 sha3-224  8 sha3-256
2.16.840.1.101.3.4.2       9 sha3-384  10 sha3-512  11 shake128  12 shake256
2.16.840.1.101.3.4.2       13 hmacWithSHA3-224  14 hmacWithSHA3-256  15 hmacWithSHA3-384  16 hmacWithSHA3-512
2.16.840.1.101.3.4.3       1 dsa-with-SHA224  2 dsa-with-SHA256  3 dsa-with-SHA384  4 dsa-with-SHA512
2.16.840.1.101.3.4.3       9 ecdsa-with-SHA3-224  10 ecdsa-with-SHA3-256  11 ecdsa-with-SHA3-384  12 ecdsa-with-SHA3-512
2.16.840.1.101.3.4.3       13 rsaWithSHA3-224  14 rsaWithSHA3-256  15 rsaWithSHA3-384  16 rsaWithSHA3-512
2.16.840.1.101.3.4.3       17 ML-DSA-44  18 ML-DSA-65  19 ML-DSA-87
2.16.840.1.101.3.4.3       20 SLH-DSA-SHA2-128s  21 SLH-DSA-SHA2-128f  22 SLH-DSA-SHA2-192s  23 SLH-DSA-SHA2-192f
2.16.840.1.101.3.4.3       24 SLH-DSA-SHA2-256s  25 SLH-DSA-SHA2-256f  26 SLH-DSA-SHAKE-128s  27 SLH-DSA-SHAKE-128f
2.16.840.1.101.3.4.3       28 SLH-DSA-SHAKE-192s  29 SLH-DSA-SHAKE-192f  30 SLH-DSA-SHAKE-256s  31 SLH-DSA-SHAKE-256f
2.16.840.1.101.3.4.3       32 HashML-DSA-44-WITH-SHA512  33 HashML-DSA-65-WITH-SHA512  34 HashML-DSA-87-WITH-SHA512
2.16.840.1.101.3.4.3       35 HashSLH-DSA-SHA2-128s-WITH-SHA256  36 HashSLH-DSA-SHA2-128f-WITH-SHA256
2.16.840.1.101.3.4.3       37 HashSLH-DSA-SHA2-192s-WITH-SHA512  38 HashSLH-DSA-SHA2-192f-WITH-SHA512
2.16.840.1.101.3.4.3       39 HashSLH-DSA-SHA2-256s-WITH-SHA512  40 HashSLH-DSA-SHA2-256f-WITH-SHA512
2.16.840.1.101.3.4.3       41 HashSLH-DSA-SHAKE-128s-WITH-SHAKE128  42 HashSLH-DSA-SHAKE-128f-WITH-SHAKE128
2.16.840.1.101.3.4.3       43 HashSLH-DSA-SHAKE-192s-WITH-SHAKE256  44 HashSLH-DSA-SHAKE-192f-WITH-SHAKE256
2.16.840.1.101.3.4.3       45 HashSLH-DSA-SHAKE-256s-WITH-SHAKE256  46 HashSLH-DSA-SHAKE-256f-WITH-SHAKE256
2.16.840.1.101.3.4.4       1 ML-KEM-512  2 ML-KEM-768  3 ML-KEM-1024
2.16.840.1.113730.1        1 netscapeCertType  2 netscapeBaseUrl  3 netscapeRevocationUrl  4 netscapeCaRevocationUrl
2.16.840.1.113730.1        7 netscapeRenewalUrl  8 netscapeCaPolicyUrl  12 netscapeSslServerName  13 netscapeComment
2.16.840.1.113730.4        1 netscapeServerGatedCrypto
2.16.840.1.113894.746875.1 1 oracleTrustedKeyUsage
2.23.140.1                 1 evCertificates  3 evCodeSigning  31 torServiceDescriptor
2.23.140.1.2               1 domainValidated  2 organizationValidated  3 individualValidated
2.23.140.1.4               1 codeSigningBaseline
2.23.140.3                 1 cabfOrganizationIdentifier
`

/** Short forms of attribute types in the text of a distinguished name (RFC 4514 section 3, and what OpenSSL and browsers show). */
const ATTRIBUTE_SHORT_NAMES: Readonly<Record<string, string>> = {
  commonName: 'CN',
  surname: 'SN',
  countryName: 'C',
  localityName: 'L',
  stateOrProvinceName: 'ST',
  streetAddress: 'street',
  organizationName: 'O',
  organizationalUnitName: 'OU',
  givenName: 'GN',
  domainComponent: 'DC',
  userId: 'UID',
}

const NAMES = new Map<string, string>()
const NUMBERS = new Map<string, string>()

for (const line of REGISTERED.trim().split('\n')) {
  const [arc, ...pairs] = line.split(/\s+/)
  for (let at = 0; at + 1 < pairs.length; at += 2) {
    const oid = `${arc}.${pairs[at]}`
    const name = pairs[at + 1] ?? oid
    NAMES.set(oid, name)
    NUMBERS.set(name, oid)
  }
}

/** Name of a dotted OID; undefined when it has none here. */
export function oidName(oid: string): string | undefined {
  return NAMES.get(oid)
}

/**
 * Dotted OID of a name as {@link oidName} gives it. For constants: a name that is not in the table is a mistake of the program,
 * found as its module is loaded.
 * @throws LabError `internal_error`
 */
export function oidNamed(name: string): string {
  const oid = NUMBERS.get(name)
  if (oid === undefined) throw new LabError('internal_error', `There is no OID of the name ${name}.`)
  return oid
}

/** How an attribute type is written before its value in a distinguished name, for instance `CN`; the dotted OID where it has no name. */
export function attributeName(oid: string): string {
  const name = NAMES.get(oid)
  return name === undefined ? oid : (ATTRIBUTE_SHORT_NAMES[name] ?? name)
}

/** All names, by dotted OID. */
export const OID_NAMES: ReadonlyMap<string, string> = NAMES
