import { shell } from './layout.ts'
import { type Html, html, nothing, raw } from './parts/html.ts'

/** The form that takes the admin token. */
export function signInPage({ next, problem }: { next: string; problem?: string }): Html {
  const wrong = problem !== undefined
  return shell({
    title: 'Sign in',
    body: html`<main class="sign-in" id="main">
<h1>WhatsApp bridge</h1>
<p>Sign in with the admin token of the bridge’s configuration.</p>
<form method="post" action="/admin/sign-in">
<input type="hidden" name="next" value="${next}">
<label for="token">Admin token</label>
<input id="token" name="token" type="password" autocomplete="current-password" required autofocus
${wrong ? raw('aria-invalid="true" aria-describedby="problem"') : nothing}>
${wrong ? html`<p class="notice problem" id="problem" role="alert">${problem}</p>` : nothing}
<button class="button primary">Sign in</button>
</form>
</main>`,
  })
}
