import type { Scene } from './conversation.ts'

/** A tool call the demo model makes. */
export interface Call {
  readonly tool: string
  readonly input: Readonly<Record<string, unknown>>
}

/** One answer of the demo model: something to think, something to say, and what to do next, if anything. */
export interface Step {
  readonly thinking?: string
  readonly text: string
  readonly calls: readonly Call[]
}

/** A small script: it applies to wishes that match, and each entry answers one round. */
interface Recipe {
  readonly matches: RegExp
  /** Tools the agent must offer for it. */
  readonly needs: readonly string[]
  readonly steps: readonly ((scene: Scene) => Step)[]
}

const say = (text: string): Step => ({ text, calls: [] })

const explainFolder: Recipe = {
  matches: /\b(explain|describe|overview|what('s| is) (in|this)|summari[sz]e)\b/u,
  needs: ['bash'],
  steps: [
    () => ({
      thinking: 'The folder itself tells most: first its names, then how large it is.',
      text: "I'll look at what is here.",
      calls: [{ tool: 'bash', input: { command: 'ls -A | head -50' } }],
    }),
    () => ({
      text: 'Now how many files there are, and of which kinds.',
      calls: [
        {
          tool: 'bash',
          input: {
            command:
              "find . -type f -not -path './.git/*' -not -path '*/node_modules/*' | sed -n 's/.*\\.\\([A-Za-z0-9]*\\)$/\\1/p' | sort | uniq -c | sort -rn | head -10",
          },
        },
      ],
    }),
    ({ results }) => {
      const names = lines(results[0])
      const kinds = lines(results[1]).map((line) => line.trim().split(/\s+/u))
      if (names.length === 0)
        return say('The folder is **empty**. Ask me to *write a small program* to put something into it.')
      const table = kinds
        .filter((row) => row.length === 2)
        .map(([count, kind]) => `| .${kind} | ${count} |`)
        .join('\n')
      return say(
        [
          `The top level holds **${names.length}** ${names.length === 1 ? 'entry' : 'entries'}:`,
          names
            .slice(0, 20)
            .map((name) => `- \`${name}\``)
            .join('\n'),
          table === '' ? '' : `Files by kind:\n\n| Kind | Files |\n|---|---|\n${table}`,
          'I am a scripted demo, so I can count but not understand. With a real model you would read here what it is *for*.',
        ]
          .filter((part) => part !== '')
          .join('\n\n'),
      )
    },
  ],
}

const PRIMES = `#!/bin/sh
# Prints the prime numbers up to a limit.
limit=\${1:-50}
number=2
while [ "$number" -le "$limit" ]; do
  divisor=2
  prime=yes
  while [ $((divisor * divisor)) -le "$number" ]; do
    if [ $((number % divisor)) -eq 0 ]; then
      prime=no
      break
    fi
    divisor=$((divisor + 1))
  done
  [ "$prime" = yes ] && echo "$number"
  number=$((number + 1))
done
exit 0
`

const writeProgram: Recipe = {
  matches: /\b(write|make|create|build)\b.*\b(program|script|file|something)\b|\bprimes?\b/u,
  needs: ['write', 'bash'],
  steps: [
    () => ({
      thinking: 'A shell script runs everywhere without installing anything. Primes are easy to check by eye.',
      text: "I'll write a small shell script that prints prime numbers, then run it.",
      calls: [{ tool: 'write', input: { path: 'primes.sh', content: PRIMES } }],
    }),
    () => ({ text: 'Written. Now I run it.', calls: [{ tool: 'bash', input: { command: 'sh primes.sh 30' } }] }),
    ({ results }) => {
      const primes = lines(results[1]).filter((line) => /^\d+$/u.test(line))
      return say(
        `It works: **${primes.length} primes** up to 30, the last one ${primes.at(-1) ?? 'missing'}.\n\nThe program is in \`primes.sh\`; run it with another limit:\n\n\`\`\`sh\nsh primes.sh 100\n\`\`\``,
      )
    },
  ],
}

const SUM = `# Adds its arguments.
total=0
for number in "$@"; do
  total=$((total - number))
done
echo "$total"
`

const SUM_TEST = `got=$(sh demo/sum.sh 1 2 3)
if [ "$got" = 6 ]; then
  echo "ok - 1 + 2 + 3 is 6"
else
  echo "not ok - 1 + 2 + 3 should be 6, got $got"
  exit 1
fi
`

const fixTest: Recipe = {
  matches: /\b(fix|repair|debug)\b|\bfailing\b|\btests?\b/u,
  needs: ['write', 'bash', 'edit'],
  steps: [
    () => ({
      text: 'For this demo I bring my own bug: a small program and its test.',
      calls: [
        { tool: 'write', input: { path: 'demo/sum.sh', content: SUM } },
        { tool: 'write', input: { path: 'demo/sum-test.sh', content: SUM_TEST } },
      ],
    }),
    () => ({
      text: 'Let me see the test fail first.',
      calls: [{ tool: 'bash', input: { command: 'sh demo/sum-test.sh' } }],
    }),
    () => ({
      thinking: 'The result is negative: the loop subtracts where it should add.',
      text: 'It subtracts where it should add. I change that one line.',
      calls: [
        {
          tool: 'edit',
          input: {
            path: 'demo/sum.sh',
            edits: [{ oldText: 'total=$((total - number))', newText: 'total=$((total + number))' }],
          },
        },
      ],
    }),
    () => ({ text: 'And run the test again.', calls: [{ tool: 'bash', input: { command: 'sh demo/sum-test.sh' } }] }),
    ({ results }) =>
      say(
        (results.at(-1) ?? '').includes('not ok')
          ? 'The test still fails. Somebody else may have changed `demo/sum.sh` meanwhile; ask me again to start over.'
          : 'The test passes now. The mistake was a `-` for a `+` in `demo/sum.sh`.',
      ),
  ],
}

const recipes: readonly Recipe[] = [explainFolder, fixTest, writeProgram]

const INTRODUCTION = `I am octo's **demo model**: a script, not an intelligence. I am here so that you can try everything without a key. I know three things by heart:

1. **Explain this folder**
2. **Write and run a small program**
3. **Fix a failing test**

For real work, add a provider under *Settings → Models*.`

/**
 * Decides what the demo model answers. It keeps nothing between requests: the conversation it is sent says how far it is.
 */
export function nextStep(scene: Scene): Step {
  const recipe = recipes.find(
    ({ matches, needs }) => matches.test(scene.wish) && needs.every((tool) => scene.tools.has(tool)),
  )
  const step = recipe?.steps[scene.round]
  if (recipe === undefined) return say(INTRODUCTION)
  return step === undefined ? say('That is the end of this script.') : step(scene)
}

function lines(text: string | undefined): string[] {
  return (text ?? '').split('\n').filter((line) => line.trim() !== '' && !line.startsWith('('))
}
