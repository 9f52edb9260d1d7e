import { FORM_TOKEN_FIELD } from '../../sign-in/require-sign-in.ts'
import { type Html, html, nothing } from './html.ts'

export type Action = {
  /** Where it is sent to. */
  path: string
  label: string
  look?: 'primary' | 'danger'
  /** Names it apart from equal buttons of other rows. */
  of?: string
  fields?: Readonly<Record<string, string | undefined>>
}

/** A button that changes something: a form of its own, so that it works without a script. */
export function actionButton(action: Action, formToken: string): Html {
  const { path, label, look = '', of, fields = {} } = action
  const hidden = Object.entries({ ...fields, [FORM_TOKEN_FIELD]: formToken }).flatMap(
    ([name, value]) =>
      value === undefined ? [] : [html`<input type="hidden" name="${name}" value="${value}">`],
  )
  return html`<form method="post" action="${path}">${hidden}<button class="button ${look}">${label}${
    of === undefined ? nothing : html`<span class="sr-only"> ${of}</span>`
  }</button></form>`
}

export type Question = Action & {
  /** Unique on the page. */
  id: string
  title: string
  /** What will happen. */
  text: string
  /** On the button that does it; that of the button that asks when absent. */
  confirm?: string
}

/** A button that asks first. The browser opens and closes the question, so it needs no script either. */
export function askFirst(question: Question, formToken: string): Html {
  const { id, title, text, label, look = '', of, confirm = label } = question
  const named = of === undefined ? nothing : html`<span class="sr-only"> ${of}</span>`
  return html`<button type="button" class="button ${look}" popovertarget="${id}">${label}${named}</button>
<div popover id="${id}" class="question" role="dialog" aria-labelledby="${id}-title">
<h2 id="${id}-title">${title}</h2>
<p>${text}</p>
<div class="actions">
<button type="button" class="button" popovertarget="${id}" popovertargetaction="hide" autofocus>Cancel</button>
${actionButton({ ...question, label: confirm }, formToken)}
</div>
</div>`
}
