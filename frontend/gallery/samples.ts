/** Texts as agents and tools write them. */

export const ANSWER = `The redirect loop came from two places that both believed they owned the session cookie. I moved the check into one function and both callers now ask it.

## What was wrong

1. \`src/auth/session.ts:48\` refreshed the cookie **before** it compared the expiry, so an expired session was always renewed.
2. The middleware in \`src/http/gate.ts\` saw the renewed cookie and sent the browser back to \`/login\`.
   - That page redirects to \`/\` when a cookie is present.
   - So the browser went round until it gave up after *twenty* redirects.

The fix is small:

\`\`\`ts
/** Renews a session that is still valid; an expired one stays expired. */
export async function renewSession(id: SessionId, now: number): Promise<Session | null> {
  const session = await store.get(id)
  if (session === null || session.expiresAt <= now) return null
  // Sliding window: half of the lifetime is left when it moves.
  return store.put({ ...session, expiresAt: now + LIFETIME_MS / 2 })
}
\`\`\`

I ran the suite afterwards:

| Suite | Tests | Time |
| --- | ---: | ---: |
| unit | 214 passed | 1.4 s |
| rooms | 38 passed | 6.2 s |
| e2e | 11 passed, **1 skipped** | 41 s |

> The skipped test needs a real mail server. It was skipped before, too.

- [x] Move the expiry check
- [x] Cover the loop by a test
- [ ] Tell the proxy team that \`X-Forwarded-Proto\` is now required

More about cookie lifetimes is in [the guide](https://example.com/sessions), and the old behaviour is described in [ADR 12](docs/decisions/0012-sessions.md).`

export const PATCH = `diff --git a/src/auth/session.ts b/src/auth/session.ts
index 3f1c2aa..9b0d771 100644
--- a/src/auth/session.ts
+++ b/src/auth/session.ts
@@ -41,17 +41,14 @@ const LIFETIME_MS = 12 * 60 * 60 * 1000
 import { store } from '../store/index.ts'
 
-/** Renews a session. */
-export async function renewSession(id: SessionId): Promise<Session | null> {
+/** Renews a session that is still valid; an expired one stays expired. */
+export async function renewSession(id: SessionId, now: number): Promise<Session | null> {
   const session = await store.get(id)
-  if (session === null) return null
-  const renewed = await store.put({ ...session, expiresAt: Date.now() + LIFETIME_MS })
-  if (renewed.expiresAt < Date.now()) {
-    return null
-  }
-  return renewed
+  if (session === null || session.expiresAt <= now) return null
+  // Sliding window: half of the lifetime is left when it moves.
+  return store.put({ ...session, expiresAt: now + LIFETIME_MS / 2 })
 }
 
 export function cookieOf(session: Session): string {
   return \`sid=\${session.id}; HttpOnly; SameSite=Strict; Path=/; Expires=\${new Date(session.expiresAt).toUTCString()}\`
 }
@@ -88,5 +85,6 @@ export class Gate {
   async check(request: Request): Promise<Verdict> {
     const session = await this.#sessions.of(request)
+    if (session === null) return { kind: 'login', from: request.url }
     return session.role === 'admin' ? allow() : deny('forbidden')
   }
 }
diff --git a/docs/sessions.md b/docs/sessions.md
new file mode 100644
--- /dev/null
+++ b/docs/sessions.md
@@ -0,0 +1,3 @@
+# Sessions
+
+A session is renewed while it is **valid**, never after.
diff --git a/public/logo.png b/public/logo.png
Binary files a/public/logo.png and b/public/logo.png differ
`

export const OUTPUT = [
  '$ vitest run --project unit',
  '',
  ...Array.from(
    { length: 30 },
    (_, index) =>
      ` \u001b[32m✓\u001b[39m src/rooms/room-${index}.test.ts \u001b[2m(${index + 3} tests)\u001b[22m \u001b[33m${index * 7} ms\u001b[39m`,
  ),
  ' \u001b[31m❯\u001b[39m src/auth/session.test.ts \u001b[2m(4 tests | \u001b[31m1 failed\u001b[39m\u001b[2m)\u001b[22m',
  '   \u001b[31m× an expired session is not renewed\u001b[39m',
  '',
  '\u001b[41m\u001b[1m FAIL \u001b[22m\u001b[49m src/auth/session.test.ts > an expired session is not renewed',
  "\u001b[31m\u001b[1mAssertionError\u001b[22m: expected { id: 's1', expiresAt: 43200000 } to be null\u001b[39m",
  ' \u001b[36m❯\u001b[39m src/auth/session.test.ts:31:58',
  '',
  ' \u001b[1m\u001b[46m\u001b[30m RUN \u001b[39m\u001b[49m\u001b[22m  watch \u001b[4mhttp://localhost:5173/\u001b[24m',
  ' \u001b[38;5;208morange\u001b[0m \u001b[38;2;120;80;255mviolet\u001b[0m \u001b[7minverse\u001b[27m',
].join('\n')

/** About 22 KB, as a long answer of an agent. */
export const LONG_ANSWER = Array.from({ length: 15 }, (_, index) => `# Part ${index + 1}\n\n${ANSWER}`).join('\n\n')
