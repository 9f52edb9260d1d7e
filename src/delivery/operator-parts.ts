import { createSessionControl } from '../session/create-session-control.ts'
import { createOperator, type Operator } from '../session/operator/operator.ts'
import type { QrCodes } from '../session/qr-codes.ts'
import type { DeliveryOptions } from './delivery.ts'
import type { Dispatch } from './dispatch.ts'
import type { RetryFailures } from './failures/retry-failures.ts'
import type { Parts } from './parts.ts'

/** Ties the operator's conversation to the lanes it looks after. */
export function createOperatorParts(
  options: Pick<DeliveryOptions, 'redis' | 'prefix' | 'store' | 'accounts' | 'clock' | 'observer'>,
  parts: Parts,
  given: { qrCodes: QrCodes; retryFailures: RetryFailures; dispatch: Dispatch },
): Operator {
  const { qrCodes, retryFailures, dispatch } = given
  const operator = createOperator({
    ...options,
    ...parts,
    qrCodes,
    control: createSessionControl({ qrCodes }),
    retryAll: retryFailures.retryAll,
    dispatch,
    onError: options.observer.onWorkerError,
  })
  parts.limits.onChange(operator.limitsChanged)
  return operator
}
