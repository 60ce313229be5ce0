// Answers assume-role cases: one JSON object a line in, one a line out, in order.
//
// In:  id, principal, role (or any resource, with its account where the ARN has none), action, trust (its policy, or null), identity, boundary, session, scps, rcps,
//      known (condition key -> value or values), absent (condition keys that are not there)
// Out: id, verdict (ALLOWED | CONDITIONAL | DENIED), strict, discovery, or error
//
// A case is asked twice: strictly, with nothing but what is known, and in the simulator's
// discovery, where whatever is not known may turn out as it likes.
import { createInterface } from 'node:readline'
import { runSimulation } from '@cloud-copilot/iam-simulate'

const named = (policies, prefix) => policies.map((policy, index) => ({ name: `${prefix}-${index}`, policy }))
const levels = (policies, prefix) =>
  policies.map((level, index) => ({ orgIdentifier: `${prefix}-${index}`, policies: named(level, prefix) }))

function simulation(question) {
  return {
    request: {
      principal: question.principal,
      action: question.action,
      resource: { resource: question.role, accountId: question.account ?? question.role.split(':')[4] },
      contextVariables: question.known,
    },
    resourcePolicy: question.trust ?? undefined,
    identityPolicies: named(question.identity, 'identity'),
    permissionBoundaryPolicies: question.boundary ? named([question.boundary], 'boundary') : undefined,
    sessionPolicy: question.session ?? undefined,
    serviceControlPolicies: levels(question.scps, 'scp'),
    resourceControlPolicies: levels(question.rcps, 'rcp'),
  }
}

async function answer(question) {
  const keys = [...Object.keys(question.known), ...question.absent]
  const constraints = keys.map((keyName) => ({ keyName, presenceIsKnown: true, valueIsKnown: true }))
  const asked = simulation(question)
  const strict = await runSimulation(asked, { simulationMode: 'Strict' })
  const open = await runSimulation(asked, {
    simulationMode: 'Discovery',
    discoveryContextKeyConstraints: constraints,
  })
  for (const result of [strict, open]) {
    if (result.resultType === 'error') return { id: question.id, error: JSON.stringify(result.errors) }
  }
  const left = open.result.analysis.conditions
  const certain = strict.overallResult === 'Allowed' && (!left || left.conditionType === 'always')
  const verdict = open.overallResult !== 'Allowed' ? 'DENIED' : certain ? 'ALLOWED' : 'CONDITIONAL'
  return { id: question.id, verdict, strict: strict.overallResult, discovery: open.overallResult }
}

for await (const line of createInterface({ input: process.stdin })) {
  if (!line.trim()) continue
  const question = JSON.parse(line)
  let found
  try {
    found = await answer(question)
  } catch (error) {
    found = { id: question.id, error: String(error) }
  }
  process.stdout.write(JSON.stringify(found) + '\n')
}
