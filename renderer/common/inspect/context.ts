/** What certificates are judged by: whom to trust, for which host, with which others in between; and what the lab knows of its own. */
import { computed, ref, shallowRef, type ComputedRef, type Ref, type WritableComputedRef } from 'vue'
import type { Bytes } from '#shared/bytes'
import type {
  Artifact,
  CertificateArtifact,
  InspectContext,
  OtherArtifact,
  ProfileId,
} from '#shared/inspect/artifact'
import { useNow } from '../composables/use-now'
import { LAB_LIST, REVOCATION_LIST } from './artifacts'
import { isFromFile, LAB, useInspector, type Entry, type EntryGroup } from './inspector'
import { useIssued } from './issued'
import { isSame } from './same'
import type { ServerKey } from './worker/calls'

/** Dates are judged anew this often, in milliseconds. */
const RENEW_AFTER = 60_000

/** What the lab knows, of which certificates are judged. */
export interface LabTrust {
  /** Certificates of authorities that the lab trusts. */
  readonly anchors: readonly CertificateArtifact[]
  /** Who those are, in words; “the lab’s authority” unless given. */
  readonly anchorsAre?: string
  /** Where the client connects to: certificates of the lab have to be for that. */
  readonly host: string
  readonly serverKey: ServerKey | undefined
}

export interface JudgeContext {
  readonly lab: Readonly<Ref<LabTrust>>
  /** Name or address that the certificate has to be for; empty: any. */
  readonly host: WritableComputedRef<string>
  /** True while the certificate is trusted for itself, because the person said so. */
  readonly trusted: WritableComputedRef<boolean>
  /** Which judge certificates are judged like; one for all of them. */
  readonly profile: Ref<ProfileId>
  /** How many revocation lists are open: they are judged along. */
  readonly lists: ComputedRef<number>
  readonly context: ComputedRef<InspectContext>
}

const lab = shallowRef<LabTrust>({ anchors: [], host: '', serverKey: undefined })
/** By id: certificates that are trusted for the time being, and hosts that were typed. */
const trustedIds = ref<ReadonlySet<string>>(new Set())
const hosts = ref<ReadonlyMap<string, string>>(new Map())
const profile = ref<ProfileId>('openssl')

/** Says what the lab knows. */
export function setLabTrust(trust: LabTrust): void {
  lab.value = trust
}

/** Every certificate in the list. */
export function useCertificates(): ComputedRef<readonly CertificateArtifact[]> {
  const { groups } = useInspector()
  return computed(() => groups.value.flatMap(({ entries }) => entries.filter(isCertificate)))
}

/** What an artifact is judged by. */
export function useJudgeContext(artifact: () => Artifact): JudgeContext {
  const certificates = useCertificates()
  const { groups } = useInspector()
  const issued = useIssued()
  const isLabs = computed(() => isOfLab(artifact(), [...groups.value.flatMap(ofLab), ...issued.value]))
  // The lab's own list is about what the lab's authority has issued: any other certificate would be refused for want of one.
  const lists = computed(() =>
    groups.value
      .flatMap(({ entries }) => entries.filter(isList))
      .filter(({ id: list }) => list !== LAB_LIST || isLabs.value),
  )
  const now = useNow(RENEW_AFTER)
  const id = computed(() => artifact().id)

  const host = computed({
    get: () => hosts.value.get(id.value) ?? (isFromFile(id.value) ? '' : lab.value.host),
    set: (typed) => (hosts.value = new Map(hosts.value).set(id.value, typed)),
  })
  const trusted = computed({
    get: () => trustedIds.value.has(id.value),
    set: (isTrusted) => {
      const others = [...trustedIds.value].filter((other) => other !== id.value)
      trustedIds.value = new Set(isTrusted ? [...others, id.value] : others)
    },
  })
  const context = computed<InspectContext>(() => {
    const own = certificates.value.filter((certificate) => trustedIds.value.has(certificate.id))
    return {
      // A list that was signed since the last look is not from the future.
      now: Math.max(now.value, Date.now()),
      trustAnchors: unique([...lab.value.anchors, ...own]),
      intermediates: unique(certificates.value),
      host: host.value.trim(),
      profile: profile.value,
      revocationLists: unique(lists.value),
    }
  })
  return { lab, host, trusted, profile, lists: computed(() => lists.value.length), context }
}

function isCertificate(entry: Entry): entry is CertificateArtifact {
  return entry.kind === 'certificate'
}

function isList(entry: Entry): entry is OtherArtifact {
  return entry.kind === 'other' && entry.what === REVOCATION_LIST
}

function ofLab({ id, entries }: EntryGroup): readonly CertificateArtifact[] {
  return id === LAB ? entries.filter(isCertificate) : []
}

/** Whether a certificate, wherever it is from, is one that the lab's authority has issued, or its own. */
function isOfLab(artifact: Artifact, known: readonly CertificateArtifact[]): boolean {
  return artifact.kind === 'certificate' && known.some((certificate) => isSame(certificate, artifact))
}

function unique(artifacts: readonly { readonly der: Bytes }[]): readonly Bytes[] {
  return [...new Set(artifacts.map(({ der }) => der))]
}
