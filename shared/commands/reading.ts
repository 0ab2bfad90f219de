/** How programs are asked of a file in the form that it has. What they can't read themselves, another hands over to them. */
import type { FileForm, OwnFile } from '../inspect/artifact'
import { line, piped, verbatim, type Verbatim } from './lines'

/** A file that commands are about; a name alone is PEM, as the export writes it. */
export type CommandFile = string | OwnFile

/** The file's name; undefined without one. */
export function nameOf(file: CommandFile | undefined): string | undefined {
  return typeof file === 'object' ? file.name : file
}

/** The form of a file. */
export function formOf(file: CommandFile): FileForm {
  return typeof file === 'object' ? file.form : 'pem'
}

/** The file if it has one of these forms. */
export function inForm(file: CommandFile | undefined, forms: readonly FileForm[]): CommandFile | undefined {
  return file !== undefined && forms.includes(formOf(file)) ? file : undefined
}

/**
 * OpenSSL asked of a file.
 * @param program for instance `openssl x509`
 * @param rest its other options, names in them quoted
 * @returns undefined without a file, or where nothing reads its form
 */
export function askOpenssl(program: string, file: CommandFile | undefined, rest: string): string | undefined {
  if (file === undefined) return undefined
  // Text around PEM is not skipped without that.
  const strict = program === 'openssl asn1parse' && typeof file === 'object' ? ' -strictpem' : ''
  switch (formOf(file)) {
    case 'pem':
      return line`${verbatim(program)} -in ${nameOf(file)}${verbatim(strict)}${spaced(rest)}`
    case 'der':
      return line`${verbatim(program)} -inform DER -in ${nameOf(file)}${spaced(rest)}`
    default: {
      const source = extract(program, file)
      return source && `${source} | ${program}${strict}${spaced(rest).verbatim}`
    }
  }
}

/** GnuTLS asked of a file; `what` for instance `--certificate-info`. */
export function askCerttool(what: string, file: CommandFile | undefined): string | undefined {
  if (file === undefined) return undefined
  switch (formOf(file)) {
    case 'pem':
      return line`certtool ${verbatim(what)} --infile ${nameOf(file)}`
    case 'der':
      return line`certtool ${verbatim(what)} --inder --infile ${nameOf(file)}`
    default: {
      const source = extract(what, file)
      return source && `${source} | certtool ${what}`
    }
  }
}

/** Java asked of a file; of certificates it tells PEM and DER apart itself, requests it reads in PEM alone. */
export function askKeytool(what: string, file: CommandFile | undefined): string | undefined {
  if (file === undefined) return undefined
  if (formOf(file) === 'der' && what === '-printcertreq')
    return piped(askOpenssl('openssl req', file, ''), `keytool ${what}`)
  if (inForm(file, ['pem', 'der'])) return line`keytool ${verbatim(what)} -file ${nameOf(file)}`
  const source = extract(what, file)
  return source && `${source} | keytool ${what}`
}

/** `openssl verify`, its options given, of a certificate; OpenSSL finds out by itself whether it is in PEM. */
export function verifying(options: string, file: CommandFile): string | undefined {
  if (inForm(file, ['pem', 'der'])) return line`${verbatim(options)}${nameOf(file)}`
  const source = extract('openssl verify', file)
  return source && `${source} | ${options.trimEnd()}`
}

/** Says whether two commands print the same public key. */
export function sameKey(one: string | undefined, other: string | undefined): string | undefined {
  if (one === undefined || other === undefined) return undefined
  return `[ "$(${one})" = "$(${other})" ] && echo 'They belong together.'`
}

/** The line of OpenSSH for a public key; a file of OpenSSH has it already. */
export function askOpenssh(file: CommandFile | undefined): string | undefined {
  if (file === undefined) return undefined
  if (inForm(file, ['pem'])) return line`ssh-keygen -i -m PKCS8 -f ${nameOf(file)}`
  if (!inForm(file, ['der'])) return undefined
  return piped(askOpenssl('openssl pkey -pubin', file, ''), 'ssh-keygen -i -m PKCS8 -f /dev/stdin')
}

/** What writes the thing that a program is asked about in PEM; undefined for other forms. */
function extract(program: string, file: CommandFile): string | undefined {
  const name = nameOf(file)
  const isKey = /pkey|rsa|key-info/.test(program) && !/pubin|pubkey/.test(program)
  switch (formOf(file)) {
    case 'pkcs12':
      return isKey
        ? line`openssl pkcs12 -in ${name} -nocerts -nodes`
        : line`openssl pkcs12 -in ${name} -nokeys`
    case 'openssh':
      return line`ssh-keygen -e -m PKCS8 -f ${name}`
    default:
      return undefined
  }
}

function spaced(rest: string): Verbatim {
  return verbatim(rest === '' ? '' : ` ${rest}`)
}
