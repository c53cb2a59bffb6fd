import { operationNames, operations, type OperationDescription } from '@parley/protocol/rest';
import { Router } from 'express';
import type { ApiContext } from '../context.ts';
import { refuseOtherMethods } from '../middleware/refuseOtherMethods.ts';
import { nameOperation } from '../metrics/measureRequests.ts';
import { sendJson } from '../requests/sendJson.ts';
import { carryOut } from './carryOut.ts';
import { receive, type Gate } from './receive.ts';

/** Serves every operation of the table at its path. */
export function operationRoutes(context: ApiContext, gate: Gate): Router {
  const router = Router();

  for (const name of operationNames) {
    const operation: OperationDescription = operations[name];
    router[operation.method](toExpressPath(operation.path), async (request, response) => {
      nameOperation(response, name);
      const received = await receive({ name, operation }, { request, response }, context, gate);
      const outcome = await carryOut({ name, operation, path: request.path, received }, context);
      if (outcome.location !== undefined) {
        response.location(outcome.location);
      }
      if (outcome.isReplayed) {
        response.set('Idempotency-Replayed', 'true');
      }
      response.status(outcome.status);
      if (outcome.body === undefined) {
        response.end();
      } else {
        sendJson(response, outcome.body);
      }
    });
  }

  // Behind all of them: the path of one may match the template of another.
  for (const [template, ofPath] of Map.groupBy(Object.values(operations), ({ path }) => path)) {
    router.all(toExpressPath(template), refuseOtherMethods(ofPath.map(({ method }) => method)));
  }

  return router;
}

function toExpressPath(template: string): string {
  return template.replaceAll(/\{(\w+)\}/g, ':$1');
}
