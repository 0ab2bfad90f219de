/** What certificates are judged by: whom to trust, for which host, with which others in between. One for the window. */
import { computed, ref, shallowRef, type ComputedRef, type Ref } from 'vue'
import type { Bytes } from '#shared/bytes'
import type { CertificateArtifact, InspectContext } from '#shared/inspect/artifact'
import { useNow } from '../composables/use-now'
import { useInspector, type Entry } from './inspector'

/** Dates are judged anew this often, in milliseconds. */
const RENEW_AFTER = 60_000

export interface JudgeContext {
  /** Name or address that a server's certificate has to be for; empty: any. */
  readonly host: Ref<string>
  /** The authorities that the lab trusts. */
  readonly anchors: Readonly<Ref<readonly CertificateArtifact[]>>
  /** Certificates that are trusted for the time being, because the person said so: by id. */
  readonly trusted: Readonly<Ref<ReadonlySet<string>>>
  readonly trust: (id: string, isTrusted: boolean) => void
  /** Every certificate in the list. */
  readonly certificates: ComputedRef<readonly CertificateArtifact[]>
  readonly context: ComputedRef<InspectContext>
}

const host = ref('')
const anchors = shallowRef<readonly CertificateArtifact[]>([])
const trusted = shallowRef<ReadonlySet<string>>(new Set())

/** Says whom the lab trusts, and the address that its client connects to. */
export function setJudges(authorities: readonly CertificateArtifact[], address: string): void {
  anchors.value = authorities
  if (host.value === '') host.value = address
}

/** The context of this window's inspector. */
export function useJudgeContext(): JudgeContext {
  const { groups } = useInspector()
  const now = useNow(RENEW_AFTER)
  const certificates = computed(() => groups.value.flatMap(({ entries }) => entries.filter(isCertificate)))
  const context = computed<InspectContext>(() => {
    const own = certificates.value.filter(({ id }) => trusted.value.has(id))
    return {
      now: now.value,
      trustAnchors: unique([...anchors.value, ...own]),
      intermediates: unique(certificates.value),
      host: host.value.trim(),
    }
  })
  return {
    host,
    anchors,
    trusted,
    trust: (id, isTrusted) => {
      const next = new Set(trusted.value)
      if (isTrusted) next.add(id)
      else next.delete(id)
      trusted.value = next
    },
    certificates,
    context,
  }
}

function isCertificate(entry: Entry): entry is CertificateArtifact {
  return entry.kind === 'certificate'
}

function unique(certificates: readonly CertificateArtifact[]): readonly Bytes[] {
  return [...new Set(certificates.map(({ der }) => der))]
}
