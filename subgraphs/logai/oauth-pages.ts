import { createHash } from 'node:crypto'
import { scopeMeanings } from './oauth-clients.ts'

const style = `
:root { color-scheme: light dark; --accent: #2f4fd0; --on-accent: #fff; --line: #767c88; --alert: #b3261e }
@media (prefers-color-scheme: dark) { :root { --accent: #a9b8ff; --on-accent: #10162f; --line: #8d93a1; --alert: #ffb4ab } }
body { font: 1rem/1.5 system-ui, sans-serif; margin: 0; display: grid; place-items: center; min-height: 100vh }
main { width: min(24rem, 100% - 2rem); padding: 2rem 0 }
h1 { font-size: 1.5rem; line-height: 1.25 }
label { display: block; margin-top: 1rem; font-weight: 600 }
input { box-sizing: border-box; width: 100%; font: inherit; padding: .6rem; border: 1px solid var(--line); border-radius: .4rem }
button { font: inherit; font-weight: 600; margin: 1.5rem .5rem 0 0; padding: .6rem 1.2rem; border: 1px solid var(--accent); border-radius: .4rem; background: none; color: inherit; cursor: pointer }
button.main { background: var(--accent); color: var(--on-accent) }
button.plain { border: 0; padding: 0; text-decoration: underline; font-weight: 400 }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px }
.alert { color: var(--alert); font-weight: 600 }
code { overflow-wrap: anywhere }
`

const styleHash = createHash('sha256').update(style).digest('base64')

/**
 * The headers of every page: nothing from elsewhere, no script, in no frame (a page that can be framed can be clicked
 * unseen), and no address told to where the person goes next. There is no `form-action`: browsers hold the redirect that
 * follows a form to it, and consent ends in one to the application.
 */
export const pageHeaders: Readonly<Record<string, string>> = {
  'content-type': 'text/html; charset=utf-8',
  'cache-control': 'no-store',
  'content-security-policy': `default-src 'none'; style-src 'sha256-${styleHash}'; base-uri 'none'; frame-ancestors 'none'`,
  'x-frame-options': 'DENY',
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
}

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

/** A text as HTML shows it. */
export const escapeHtml = (text: string): string => text.replace(/[&<>"']/g, (character) => entities[character] ?? '')

const document = (title: string, body: string): string => `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(title)} · Codai</title>
<style>${style}</style>
</head>
<body>
<main>
<h1>${escapeHtml(title)}</h1>
${body}
</main>
</body>
</html>
`

/** What every form has to send back. */
export type FormBasis = { action: string; csrf: string }

const form = ({ action, csrf }: FormBasis, fields: string): string =>
  `<form method="post" action="${escapeHtml(action)}"><input type="hidden" name="csrf" value="${escapeHtml(csrf)}">${fields}</form>`

const alertOf = (problem: string | undefined): string =>
  problem === undefined ? '' : `<p class="alert" role="alert" id="problem">${escapeHtml(problem)}</p>`

const describedBy = (problem: string | undefined): string =>
  problem === undefined ? '' : ' aria-invalid="true" aria-describedby="problem"'

/** Handle and password. */
export const signInPage = (page: FormBasis & { application: string; handle?: string; problem?: string }): string =>
  document(
    'Sign in',
    `<p><strong>${escapeHtml(page.application)}</strong> asks you to sign in to Codai.</p>
${alertOf(page.problem)}
${form(
  page,
  `<label for="handle">Handle</label>
<input id="handle" name="handle" value="${escapeHtml(page.handle ?? '')}" autocomplete="username" autocapitalize="none" spellcheck="false" maxlength="30" required${describedBy(page.problem)}${page.handle ? '' : ' autofocus'}>
<label for="password">Password</label>
<input id="password" name="password" type="password" autocomplete="current-password" required${describedBy(page.problem)}${page.handle ? ' autofocus' : ''}>
<button class="main" name="step" value="sign-in">Sign in</button>`,
)}`,
  )

/** The second factor. */
export const codePage = (page: FormBasis & { challenge: string; problem?: string }): string =>
  document(
    'Enter your code',
    `<p>Open your authenticator application and type the six digits that it shows, or use one of your recovery codes.</p>
${alertOf(page.problem)}
${form(
  page,
  `<input type="hidden" name="challenge" value="${escapeHtml(page.challenge)}">
<label for="code">Code</label>
<input id="code" name="code" autocomplete="one-time-code" autocapitalize="none" spellcheck="false" maxlength="30" required autofocus${describedBy(page.problem)}>
<button class="main" name="step" value="answer">Continue</button>`,
)}`,
  )

/** What the application asks for. */
export const consentPage = (
  page: FormBasis & {
    application: string
    owner: string
    handle: string
    scopes: readonly string[]
    redirectUri: string
  },
): string => {
  const items = page.scopes.map((scope) => `<li>${escapeHtml(scopeMeanings[scope] ?? scope)}</li>`).join('')
  return document(
    `Let ${page.application} in?`,
    `<p>You are signed in as <strong>@${escapeHtml(page.handle)}</strong>. <strong>${escapeHtml(page.application)}</strong>, an application of @${escapeHtml(page.owner)}, wants to:</p>
<ul>${items}</ul>
<p>You will go back to <code>${escapeHtml(page.redirectUri.split('?', 1)[0] ?? '')}</code>.</p>
${form(
  page,
  `<button class="main" name="step" value="allow">Allow</button>
<button name="step" value="deny">Deny</button>
<br><button class="plain" name="step" value="switch">Use another account</button>`,
)}`,
  )
}

/** Why it does not go on, when there is nowhere to send the person back to. */
export const problemPage = (problem: string, link?: { href: string; text: string }): string =>
  document(
    'This does not work',
    `<p class="alert" role="alert">${escapeHtml(problem)}</p>${
      link ? `<p><a href="${escapeHtml(link.href)}">${escapeHtml(link.text)}</a></p>` : ''
    }`,
  )
