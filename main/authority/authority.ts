/** The certificate authority: listens on TCP, makes its own key and certificate, and answers step 1 with step 2. */
import { LabError } from '#shared/errors'
import type { Certificate } from '#shared/crypto/pki/certificate'
import { issueAuthorityCertificate, serialFrom, validFor } from '#shared/crypto/pki/issue'
import type { RevocationReason } from '#shared/crypto/pki/revocation-reasons'
import { namesIn } from '#shared/settings'
import type { RsaKeyPair } from '#shared/crypto/primitives/rsa'
import type { RsaBits } from '#shared/crypto/primitives/rsa-bits'
import { ProtocolError } from '#shared/hl1/alerts'
import { issueCertificate, startIssuing } from '#shared/hl1/drivers/registration'
import type { NamePolicy } from '#shared/hl1/names'
import { ReplayMemory } from '#shared/hl1/replay-memory'
import type { Names } from '#shared/hl1/names'
import type { AuthorityCredentials, AuthorityState } from '#shared/hl1/state'
import type { OpenConnection } from '../net/connections'
import { converse } from '../net/converse'
import type { Place } from '../net/places'
import { Desk } from './desk'
import type { JudgeRequest } from './judge-request'
import { KeyQueue } from './key-queue'
import { NameDesk } from './name-desk'
import { RequestDesk } from './request-desk'
import { Revocations } from './revocations'
import { TERMINAL_LOG } from '../log/log'
import { ListeningRole, type ListeningOptions, type ListeningSettings } from '../net/listening-role'

/** What the authority needs to know of the settings; ages in seconds. Read anew for every start and connection. */
export interface AuthoritySettings extends ListeningSettings {
  readonly authorityIdentity: string
  readonly rsaBits: RsaBits
  readonly validityDays: number
  readonly maxAge: number
  readonly idleLimit: number
  readonly names: NamePolicy
  readonly serverIdentity: string
  /** Names of that server's certificates besides those of this machine, as the person has typed them. */
  readonly serverNames: string
  readonly listDays: number
}

export interface AuthorityOptions extends ListeningOptions<AuthoritySettings> {
  /** Where its revocation list is handed out, and certificates are to say so. */
  readonly listAt?: () => string | undefined
  /** Judges requests from files; without it none are taken. */
  readonly judgeRequest?: JudgeRequest
}

export interface IssuedCertificate {
  readonly at: number
  readonly certificate: Certificate
}

/** An authority as it begins. */
interface NewAuthority {
  readonly credentials: AuthorityCredentials
  readonly revocations: Revocations
}

const NO_PLACE_FOR_KEY =
  'As many key pairs are asked for as this authority makes one after another. Try again in a moment.'

/** Of the idle limit, so much passes until a question to the person is refused: who asks waits no longer than that limit. */
const ANSWER_SHARE = 5 / 6

/** How many issued certificates are kept to be shown, and of how many it is known whose they are: those can be revoked. */
const ISSUED_KEPT = 1_000
const TITLES_KEPT = 100_000

export class Authority extends ListeningRole<AuthoritySettings> {
  #credentials: AuthorityCredentials | undefined
  #certificate: Certificate | undefined
  #issued: readonly IssuedCertificate[] = []
  /** Subjects of what it has issued, by serial number: also of what is not shown any more. */
  readonly #titles = new Map<string, string>()
  #requests: RequestDesk | undefined
  /** Requests of suite `modern` that this key has opened; a new key opens none of them. */
  #seen = new ReplayMemory()
  /** Key pairs that suite `classic` has it make for others. */
  readonly #keys = new KeyQueue()
  #names = this.#newDesk()
  #revocations: Revocations | undefined
  #renewing: Promise<void> | undefined
  /** Where requests are worked on. */
  readonly #desk = new Desk()

  readonly #listAt: () => string | undefined
  readonly #judgeRequest: JudgeRequest

  constructor(options: AuthorityOptions) {
    super(options, 'authority')
    this.#listAt = options.listAt ?? (() => undefined)
    this.#judgeRequest = options.judgeRequest ?? takesNone
  }

  /** Key pair and certificate; only while it runs. */
  get credentials(): AuthorityCredentials | undefined {
    return this.#credentials
  }

  /** The certificate of the authority that ran last: the trust anchor, which outlives a stop. */
  get certificate(): Certificate | undefined {
    return this.#certificate
  }

  /** What it has issued since it started, oldest first. */
  get issued(): readonly IssuedCertificate[] {
    return this.#issued
  }

  /** Who has got which name since it started, and what the person is asked about that. */
  get desk(): NameDesk {
    return this.#names
  }

  /** What the authority that ran last has revoked, and its list: as its certificate they outlive a stop. */
  get revocations(): Revocations | undefined {
    return this.#revocations
  }

  /**
   * Revokes a certificate that it has issued, by its serial number, hex.
   * @throws LabError `not_running`, `unknown_certificate`; as {@link Revocations.revoke}
   */
  async revoke(serial: string, reason: RevocationReason): Promise<void> {
    this.requireIssued(serial)
    await this.#revocations?.revoke(serial, reason)
  }

  /**
   * Takes a certificate off hold.
   * @throws LabError `not_running`, `not_on_hold`
   */
  async release(serial: string): Promise<void> {
    this.requireRunning()
    await this.#revocations?.release(serial)
  }

  /**
   * Signs its revocation list anew.
   * @throws LabError `not_running`
   */
  async renewList(): Promise<void> {
    this.requireRunning()
    await this.#revocations?.renew()
  }

  /**
   * The subject of a certificate that it has issued.
   * @param serial its serial number, hex
   * @throws LabError `not_running`, `unknown_certificate`
   */
  requireIssued(serial: string): string {
    this.requireRunning()
    const title = this.#titles.get(serial) ?? this.#requests?.signed.find(({ id }) => id === serial)?.title
    if (title !== undefined) return title
    throw new LabError(
      'unknown_certificate',
      'This authority knows of no certificate of its own with this serial number.',
    )
  }

  /** Where certificates are issued for requests from files, while it runs; what was issued is seen afterwards as well. */
  get requests(): RequestDesk | undefined {
    return this.#requests
  }

  /**
   * The same for whoever can't do without.
   * @throws LabError `not_running`
   */
  requireRequests(): RequestDesk {
    this.requireRunning()
    if (!this.#requests) throw new LabError('not_running', 'The authority has no key yet.')
    return this.#requests
  }

  /**
   * Becomes a new authority with a new key at the same address; what the old one signed no longer verifies. Asked for while that is
   * under way, it is the same: nobody has key after key made.
   * @throws LabError `not_running`
   */
  renew(): Promise<void> {
    this.#renewing ??= this.#renew().finally(() => (this.#renewing = undefined))
    return this.#renewing
  }

  async #renew(): Promise<void> {
    this.requireRunning()
    const made = await this.#make()
    if (this.status !== 'running') throw new LabError('not_running', 'The authority was stopped meanwhile.')
    this.#accept(made)
    this.options.onChange()
  }

  /** The port is taken first, so that a failure costs no key; the key is being made meanwhile. */
  protected override async prepare(): Promise<() => void> {
    const made = await this.#make()
    return () => this.#accept(made)
  }

  protected override forget(): void {
    this.#credentials = undefined
    this.#names = this.#newDesk()
    this.#requests?.end()
    this.#revocations?.end()
  }

  async #make(): Promise<NewAuthority> {
    const { environment, settings } = this.options
    const { authorityIdentity: identity, rsaBits, validityDays } = settings()
    const keyPair = await environment.crypto.generateRsaKeyPair(rsaBits)
    const serial = serialFrom(environment.random(16))
    const validity = validFor(validityDays, environment.now())
    const certificate = await issueAuthorityCertificate(
      keyPair,
      { identity, serial, validity },
      environment.crypto,
    )
    const issuer = { certificate, privateKey: keyPair.privateKey }
    const log = this.options.log ?? TERMINAL_LOG
    const revocations = await Revocations.begin(issuer, {
      environment,
      listDays: () => settings().listDays,
      onChange: this.options.onChange,
      onFailure: (error) => log.failed('The revocation list could not be made anew.', error),
    })
    return { credentials: { identity, keyPair, certificate }, revocations }
  }

  #accept({ credentials, revocations }: NewAuthority): void {
    this.#revocations?.end()
    this.#requests?.end()
    this.#revocations = revocations
    revocations.watch()
    this.#credentials = credentials
    this.#certificate = credentials.certificate
    this.#issued = []
    this.#titles.clear()
    const issuer = { certificate: credentials.certificate, privateKey: credentials.keyPair.privateKey }
    this.#requests = new RequestDesk(issuer, {
      ...this.options,
      listAt: this.#listAt,
      judgeRequest: this.#judgeRequest,
    })
    this.#seen = new ReplayMemory()
    this.#names.close('The authority became another one before the person at it had answered.')
    this.#names = this.#newDesk()
  }

  #newDesk(): NameDesk {
    const { environment, settings, onChange } = this.options
    return new NameDesk({
      environment,
      policy: () => settings().names,
      answerSeconds: () => answerSeconds(settings()),
      onChange,
    })
  }

  #newState(): AuthorityState {
    const { rsaBits, validityDays, maxAge, serverIdentity, serverNames } = this.options.settings()
    const credentials = this.#credentials
    if (!credentials) throw new LabError('not_running', 'The authority has no key yet.')
    const additions = { more: { of: serverIdentity, names: namesIn(serverNames) }, listAt: this.#listAt() }
    return startIssuing({ credentials, policy: { rsaBits, validityDays, ...additions }, maxAge })
  }

  protected override async serve(open: OpenConnection, signal: AbortSignal, place: Place): Promise<void> {
    const idleSeconds = (): number => this.options.settings().idleLimit
    const state = this.#newState()
    const { crypto } = this.options.environment
    const isOwn = open.connection.opener !== undefined
    const work = this.#desk.placeFor(isOwn, signal)
    const generateRsaKeyPair = (bits: RsaBits): Promise<RsaKeyPair> => {
      const request = { name: conversation.state.idS ?? '', isOwn, signal }
      const made = this.#keys.take(request, () => crypto.generateRsaKeyPair(bits))
      // Whoever waits for a key keeps nobody from the desk.
      work.end()
      if (made) return made.then(async (pair) => (await work.begin(), pair))
      throw new ProtocolError({ code: 'busy', step: 1, message: NO_PLACE_FOR_KEY })
    }
    const { peer: from, onStir } = open.socket
    const counter = this.#names.counter({ from, isOwn, signal, onStir })
    const names: Names = {
      ...counter,
      take: async (request) => {
        // Whoever waits for a person keeps nobody from the desk.
        work.end()
        const finding = await counter.take(request)
        await work.begin()
        return finding
      },
    }
    const environment = {
      ...this.options.environment,
      crypto: { ...crypto, generateRsaKeyPair },
      seen: this.#seen,
      names,
    }
    const context = { ...this.options, environment }
    const conversation = converse(state, open, context, { idleSeconds, signal, place })
    const onIssued = (certificate: Certificate): void => {
      // One that an authority before a renewal has issued is not this one's.
      if (state.credentials !== this.#credentials) return
      const issued = { at: this.options.environment.now(), certificate }
      this.#issued = [...this.#issued, issued].slice(-ISSUED_KEPT)
      this.#titles.set(certificate.serial, certificate.subject.text)
      const [oldest] = this.#titles.keys()
      if (this.#titles.size > TITLES_KEPT && oldest !== undefined) this.#titles.delete(oldest)
      this.options.onChange()
    }
    try {
      await issueCertificate(conversation, onIssued, work)
    } finally {
      counter.leave()
    }
  }
}

function takesNone(): never {
  throw new LabError('request_refused', 'This authority takes no requests from files.')
}

/** How long a question about a name waits for the person's answer, whole seconds. */
function answerSeconds({ idleLimit }: Pick<AuthoritySettings, 'idleLimit'>): number {
  return Math.max(1, Math.floor(idleLimit * ANSWER_SHARE))
}
