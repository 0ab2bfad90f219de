/** The chain that a person plans: it begins as the good one, or as any recipe, and is changed certificate by certificate. */
import { computed, ref, shallowRef, type ComputedRef, type Ref } from 'vue'
import type { CertificatePlan, ChainPlan } from '#shared/workshop/chain'
import { withCertificate, withIntermediate, withoutCertificate } from '#shared/workshop/edit-plan'
import { PLAIN } from '#shared/workshop/plain'
import { RECIPES } from '#shared/workshop/recipes'
import type { ChosenChains } from '#shared/workshop/view'

export interface OwnPlan {
  readonly plan: Readonly<Ref<ChainPlan>>
  /** The certificate that is being changed. */
  readonly certificate: ComputedRef<CertificatePlan>
  /** Its id. */
  readonly at: Ref<string>
  /** The recipe that it was begun with. */
  readonly from: Readonly<Ref<string>>
  readonly chosen: ComputedRef<ChosenChains>
  /** What can't be read of what was typed, by the field: as long as there is any, the plan is not what is on screen. */
  readonly problems: Ref<ReadonlyMap<string, string>>
  /** Begins anew with a recipe. */
  readonly startFrom: (id: string) => void
  readonly change: (certificate: CertificatePlan) => void
  readonly changeHost: (host: string) => void
  readonly addIntermediate: () => void
  readonly remove: (id: string) => void
}

export function useOwnPlan(): OwnPlan {
  const plan = shallowRef<ChainPlan>(PLAIN)
  const at = ref(PLAIN.leaf)
  const from = ref('good')
  const problems = ref<ReadonlyMap<string, string>>(new Map())
  const found = computed(() => {
    const { certificates, leaf } = plan.value
    return certificates.find(({ id }) => id === at.value) ?? certificates.find(({ id }) => id === leaf)
  })
  const certificate = computed(() => {
    if (found.value) return found.value
    throw new Error('A chain has a certificate of the server.')
  })

  function startFrom(id: string): void {
    const recipe = RECIPES.find((each) => each.id === id)
    if (!recipe) return
    plan.value = recipe.chain
    at.value = recipe.chain.leaf
    from.value = id
    problems.value = new Map()
  }

  return {
    ...{ plan, certificate, at, from, problems, startFrom },
    chosen: computed(() => ({ what: 'own', plan: plan.value })),
    change: (changed) => (plan.value = withCertificate(plan.value, changed)),
    changeHost: (host) => (plan.value = { ...plan.value, host }),
    addIntermediate: () => {
      const before = new Set(plan.value.certificates.map(({ id }) => id))
      plan.value = withIntermediate(plan.value)
      at.value = plan.value.certificates.find(({ id }) => !before.has(id))?.id ?? at.value
    },
    remove: (id) => {
      plan.value = withoutCertificate(plan.value, id)
      at.value = plan.value.leaf
    },
  }
}
