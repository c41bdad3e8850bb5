/** Stages: the documents of Cloud Monitoring, made and changed in place by requests of our own. */
import { areasOf, decide, tell } from '../compare';
import { digest, fingerprintLabel, readFingerprint, writeFingerprint } from '../fingerprint';
import { documentsOf, objectOf, textOf, type Document } from '../google';
import { normalised } from '../normalise';
import { keptOf } from '../stages/apis';
import { joined, type ApiRequest, type Stage, type Step } from '../step';
import { eachOf, hasLabels, type Surroundings } from '../surroundings';
import { titleOf, type Collection, type PlannedDocument } from './collection';

async function readAll(around: Surroundings, { api, version, path, listKey, under }: Collection): Promise<readonly Document[]> {
  const { plan, google } = around;
  const parents = under ? (await readOurs(around, under)).map(({ name }) => textOf(name)) : [`projects/${plan.project}`];
  return (await eachOf(parents, async (parent) => google.list(api, `${version}/${parent}/${path}`, listKey))).flat();
}

const isOurs = ({ names }: Surroundings, { labels }: Collection, document: Document): boolean => hasLabels(document[labels], names.labels);

/** @returns those that carry our labels, oldest first. */
export async function readOurs(around: Surroundings, collection: Collection): Promise<readonly Document[]> {
  return (await readAll(around, collection)).filter((document) => isOurs(around, collection, document));
}

/** Somebody took our labels away, or copied it: it stays, and says everything twice, unless it is deleted by hand. */
function doubles(planned: readonly PlannedDocument[], { noun }: Collection, others: readonly Document[]): readonly string[] {
  const names = new Set(planned.map(({ body }) => textOf(body['displayName'])));
  return others
    .filter(({ displayName }) => names.has(textOf(displayName)))
    .map(
      ({ name, displayName }) =>
        `The ${noun} "${textOf(displayName)}" stands there a second time, without our labels: delete ${textOf(name)}.`,
    );
}

/** @returns the body with the fingerprint among its labels. */
export function sealed(body: Document, { labels }: Collection, fingerprint: string): Document {
  return { ...body, [labels]: { ...objectOf(body[labels]), [fingerprintLabel]: fingerprint } };
}

/** @returns the steps of the stage. */
export async function applyDocuments(around: Surroundings, collection: Collection): Promise<Stage> {
  const planned = collection.planned(around.plan, around.names);
  if (around.only) return { steps: [], kept: 'left as they are (--only)', notes: [] };
  if (planned.length === 0) return { steps: [], kept: 'none planned', notes: [] };
  const all = await readAll(around, collection);
  const present = all.filter((document) => isOurs(around, collection, document));
  const others = all.filter((document) => !present.includes(document));
  // Where a request was carried out and its answer lost, there may be two: the second has no key in this map and is removed later.
  const byKey = new Map(present.toReversed().map((document) => [collection.keyOf(document), document]));
  const steps = planned.flatMap((document) => stepsOf(around, collection, document, byKey.get(document.key)));
  return {
    steps: joined(steps, collection.name, collection.name),
    kept: keptOf(planned.length - steps.length),
    notes: doubles(planned, collection, others),
  };
}

function stepsOf(around: Surroundings, collection: Collection, planned: PlannedDocument, found: Document | undefined): readonly Step[] {
  const fields = normalised(planned.body, collection.fields);
  const labels = objectOf(found?.[collection.labels]);
  const decision = decide(
    fields,
    found && { fields: normalised(found, collection.fields), fingerprint: readFingerprint(textOf(labels[fingerprintLabel])) },
  );
  if (decision.action === 'keep') return [];
  const now = digest(fields);
  const body = sealed(planned.body, collection, writeFingerprint({ planned: now, stored: now }));
  const create: ApiRequest = {
    method: 'POST',
    api: collection.api,
    path: `${collection.version}/${planned.parent ?? `projects/${around.plan.project}`}/${collection.path}`,
    ...(planned.query && { query: planned.query }),
    body,
    seals: collection.name,
  };
  const areas = areasOf(decision);
  const isFixed = areas.some((area) => collection.fixed?.includes(area));
  const requests = !found ? [create] : isFixed ? [removalOf(collection, found), create] : [updateOf(collection, body, found)];
  const verb = !found ? 'create' : isFixed ? 'make anew' : 'update';
  return [
    {
      title: `${titleOf(collection, planned.body)}: ${verb}${areas.length > 0 ? ` (${areas.join(', ')})` : ''}`,
      lane: planned.key,
      command: { requests },
      ...(decision.action === 'changed' && { takesBack: tell(decision.differences) }),
    },
  ];
}

/** @returns the request that removes a document. */
export function removalOf({ api, version }: Collection, { name }: Document): ApiRequest {
  return { method: 'DELETE', api, path: `${version}/${textOf(name)}` };
}

function updateOf(collection: Collection, body: Document, found: Document): ApiRequest {
  const { api, version, fields, fixed = [], mask } = collection;
  const etag = textOf(found['etag']);
  const written = fields.filter((field) => !fixed.includes(field));
  return {
    method: 'PATCH',
    api,
    path: `${version}/${textOf(found['name'])}`,
    ...(mask && { query: { updateMask: written.join(',') } }),
    body: {
      ...(mask ? Object.fromEntries(written.flatMap((field) => (field in body ? [[field, body[field]]] : []))) : body),
      name: found['name'],
      ...(etag && { etag }),
      ...('conditions' in body && { conditions: namedConditions(body, found) }),
    },
    seals: collection.name,
  };
}

/** A condition that carries the name it was given is changed in place; without it, it is made anew, and its incidents with it. */
function namedConditions(body: Document, found: Document): readonly Document[] {
  const names = new Map(documentsOf(found['conditions']).map(({ displayName, name }) => [displayName, name]));
  return documentsOf(body['conditions']).map((condition) => {
    const name = names.get(condition['displayName']);
    return name === undefined ? condition : { name, ...condition };
  });
}
