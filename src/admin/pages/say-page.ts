import { shell } from './layout.ts'
import { type Html, html } from './parts/html.ts'

/** A page that only says something, such as that there is none. */
export function sayPage({ title, text }: { title: string; text: string }): Html {
  return shell({
    title,
    body: html`<main class="sign-in" id="main">
<h1>${title}</h1>
<p>${text}</p>
<p><a href="/admin">To the overview</a></p>
</main>`,
  })
}
