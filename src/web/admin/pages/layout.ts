import { actionButton } from './parts/forms.ts'
import { type Html, html, nothing, raw } from './parts/html.ts'

/** Something that has just happened, told once. */
export type Notice = { kind: 'done' | 'problem'; text: string }

export type Page = {
  title: string
  /** What the live updates exchange. */
  content: Html
  /** What was asked for once: nothing at its address keeps it up to date. */
  isLive?: false
}

const PLACES = [
  { path: '/admin', name: 'Overview' },
  { path: '/admin/failures', name: 'Failures' },
  { path: '/admin/messages', name: 'Messages' },
  { path: '/admin/people', name: 'People' },
  { path: '/admin/queues', name: 'Queues' },
] as const

const STYLES = ['tokens', 'base', 'parts', 'cards', 'chart', 'tables'] as const

/** The head of every page. */
export function shell(parts: { title: string; body: Html; scripts?: readonly string[] }): Html {
  const { title, body, scripts = [] } = parts
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="robots" content="noindex">
<title>${title} · WhatsApp bridge</title>
<link rel="icon" href="/admin/assets/icon.svg" type="image/svg+xml">
${STYLES.map((name) => html`<link rel="stylesheet" href="/admin/assets/${name}.css">`)}
${scripts.map((name) => html`<script type="module" src="/admin/assets/${name}"></script>`)}
</head>
<body>
${body}
</body>
</html>`
}

/** A page for those who are signed in. */
export function layout(
  page: Page,
  frame: { path: string; formToken: string; notice?: Notice | undefined },
): Html {
  const { path, formToken, notice } = frame
  return shell({
    title: page.title,
    scripts: page.isLive === false ? [] : ['live.js'],
    body: html`<a class="skip" href="#main">Skip to the content</a>
<header class="top">
<p class="brand">${logo} <span>WhatsApp bridge</span></p>
<nav aria-label="Pages"><ul>${PLACES.map((place) => link(place, path))}</ul></nav>
${actionButton({ path: '/admin/sign-out', label: 'Sign out' }, formToken)}
</header>
<main id="main" tabindex="-1">
${notice === undefined ? nothing : html`<p class="notice ${notice.kind}" role="status">${notice.text}</p>`}
<div id="live">${page.content}</div>
</main>
<footer class="foot">
<p id="connection" role="status"></p><p id="updated" aria-hidden="true"></p>
</footer>`,
  })
}

const logo = raw(
  '<svg class="logo" viewBox="0 0 32 32" aria-hidden="true"><path d="M4 21c0-7 5-11 12-11s12 4 12 11M4 21h24M10 21v-8M16 21V10M22 21v-8"/></svg>',
)

function link({ path, name }: (typeof PLACES)[number], current: string): Html {
  const isHere = path === '/admin' ? current === path : current.startsWith(path)
  return html`<li><a href="${path}" ${isHere ? raw('aria-current="page"') : nothing}>${name}</a></li>`
}

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
