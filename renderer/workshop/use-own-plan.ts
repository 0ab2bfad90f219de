/** The chain that a person plans: it begins as the good one, or as any recipe, and is changed certificate by certificate. */
import { computed, onScopeDispose, ref, shallowRef, watch, type ComputedRef, type Ref } from 'vue'
import * as v from 'valibot'
import { LabError } from '#shared/errors'
import type { CertificatePlan, ChainPlan } from '#shared/workshop/chain'
import { withCertificate, withIntermediate, withoutCertificate } from '#shared/workshop/edit-plan'
import { PLAIN } from '#shared/workshop/plain'
import { chainPlanSchema } from '#shared/workshop/plan-schema'
import { RECIPES } from '#shared/workshop/recipes'
import type { ChosenChains } from '#shared/workshop/view'

/** What can't be read of what was typed, by the field. */
export type Problems = ReadonlyMap<string, string>

export interface OwnPlan {
  readonly plan: Readonly<Ref<ChainPlan>>
  /** The certificate that is being changed. */
  readonly certificate: ComputedRef<CertificatePlan>
  /** Its id. */
  readonly at: Ref<string>
  /** The recipe that it was begun with; undefined for a plan that was kept. */
  readonly from: Readonly<Ref<string | undefined>>
  readonly chosen: ComputedRef<ChosenChains>
  /** Undefined where all that was typed could be read. */
  readonly problems: Ref<Problems>
  /** Why the chain can't be made as it is on screen; undefined where it can. */
  readonly problem: ComputedRef<string | undefined>
  /** Counts how often fields have to begin anew, because what they show was changed by something else. */
  readonly generation: Readonly<Ref<number>>
  readonly canUndo: ComputedRef<boolean>
  readonly undo: () => void
  /** Begins anew with a recipe. */
  readonly startFrom: (id: string) => void
  /** Begins with a plan that was kept. */
  readonly startWith: (plan: ChainPlan) => void
  readonly change: (certificate: CertificatePlan) => void
  /** The same where fields of it go: the others have to begin anew. */
  readonly changeFields: (certificate: CertificatePlan) => void
  readonly changePlan: (plan: ChainPlan) => void
  readonly addIntermediate: () => void
  readonly remove: (id: string) => void
}

/** Plans that can be gone back to. */
const MOST_UNDONE = 100
/** Changes that follow one another faster than this, in milliseconds, are gone back over at once. */
const SAME_ACT_MS = 800
/** So long after the last change the plan is kept, milliseconds. */
const KEEP_AFTER_MS = 400

/** @param keep is given the plan, when it can be made, a moment after it has changed */
export function useOwnPlan(keep: (plan: ChainPlan) => void): OwnPlan {
  const plan = shallowRef<ChainPlan>(PLAIN)
  const at = ref(PLAIN.leaf)
  const from = ref<string | undefined>('good')
  const problems = ref<Problems>(new Map())
  const generation = ref(0)
  const before = shallowRef<readonly ChainPlan[]>([])
  let changedAt = Number.NEGATIVE_INFINITY
  let timer: ReturnType<typeof setTimeout> | undefined
  onScopeDispose(() => clearTimeout(timer))

  const certificate = computed(() => {
    const { certificates, leaf } = plan.value
    const found = certificates.find(({ id }) => id === at.value) ?? certificates.find(({ id }) => id === leaf)
    if (found) return found
    throw new LabError('internal_error', 'A chain has a certificate of the server.')
  })
  const unmade = computed(() => v.safeParse(chainPlanSchema, plan.value).issues?.[0].message)

  watch(plan, (now) => {
    clearTimeout(timer)
    timer = setTimeout(() => {
      if (unmade.value === undefined) keep(now)
    }, KEEP_AFTER_MS)
  })

  /** Another plan, which *Undo* goes back from. */
  function put(now: ChainPlan): void {
    if (now === plan.value) return
    if (performance.now() - changedAt >= SAME_ACT_MS)
      before.value = [...before.value, plan.value].slice(-MOST_UNDONE)
    changedAt = performance.now()
    plan.value = now
  }

  /** The same where fields show something else from now on. */
  function putAnew(now: ChainPlan): void {
    changedAt = Number.NEGATIVE_INFINITY
    put(now)
    changedAt = Number.NEGATIVE_INFINITY
    renew()
  }

  function renew(): void {
    if (!plan.value.certificates.some(({ id }) => id === at.value)) at.value = plan.value.leaf
    problems.value = new Map()
    generation.value++
  }

  return {
    ...{ plan, certificate, at, from, problems, generation },
    chosen: computed(() => ({ what: 'own', plan: plan.value })),
    problem: computed(() => [...problems.value.values()][0] ?? unmade.value),
    canUndo: computed(() => before.value.length > 0),
    undo: () => {
      const last = before.value.at(-1)
      if (!last) return
      before.value = before.value.slice(0, -1)
      plan.value = last
      changedAt = Number.NEGATIVE_INFINITY
      renew()
    },
    startFrom: (id) => {
      const recipe = RECIPES.find((each) => each.id === id)
      if (!recipe) return
      putAnew(recipe.chain)
      at.value = recipe.chain.leaf
      from.value = id
    },
    startWith: (kept) => {
      plan.value = kept
      from.value = undefined
      renew()
    },
    change: (changed) => put(withCertificate(plan.value, changed)),
    changeFields: (changed) => putAnew(withCertificate(plan.value, changed)),
    changePlan: put,
    addIntermediate: () => {
      const ids = new Set(plan.value.certificates.map(({ id }) => id))
      putAnew(withIntermediate(plan.value))
      at.value = plan.value.certificates.find(({ id }) => !ids.has(id))?.id ?? at.value
    },
    remove: (id) => putAnew(withoutCertificate(plan.value, id)),
  }
}
