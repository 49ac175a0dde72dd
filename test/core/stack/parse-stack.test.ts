import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { UserError } from '../../../src/core/error.ts';
import { type Mode, modes } from '../../../src/core/mode/mode.ts';
import { checkCatalog, parseStack } from '../../../src/core/stack/parse-stack.ts';
import { type Service, servicesOfMode } from '../../../src/core/stack/stack.ts';
import { bundledStack, readSnapshot } from '../../helpers/bundled-stack.ts';

/** HomeIQ's stack, one service a line: group, modes, bound, database, port, expected and limit in MiB, what it waits for. */
const facts = `
influxdb                    infrastructure both       - -  127.0.0.1:8086>8086  2048 2048
openvino-service            ai             both       - -  127.0.0.1:8026>8019   512 1536
ner-service                 ai             both       - -  -                     384 1024
ml-service                  ai             both       - -  127.0.0.1:8025>8020   160  512
openai-service              ai             both       - -  127.0.0.1:8020>8020    96  256
ai-core-service             ai             both       - -  127.0.0.1:8018>8018   128  512 openvino-service,ml-service,ner-service,openai-service
ai-automation-service       ai             both       Y Y  127.0.0.1:8024>8018   256 2048 data-api,ai-core-service
data-api                    core           both       Y Y  0.0.0.0:8006>8006     320 1024 influxdb
admin-api                   core           both       Y Y  0.0.0.0:8003>8004     160  256 influxdb,data-api
device-intelligence-service core           both       Y -  127.0.0.1:8028>8019   192  512
ha-setup-service            core           both       Y -  127.0.0.1:8027>8020   128  256 data-api,admin-api
health-dashboard            core           both       - -  0.0.0.0:3000>80        96  256 admin-api
ai-automation-ui            core           both       - -  0.0.0.0:3001>80        64  256 ai-automation-service
log-aggregator              core           both       - -  127.0.0.1:8015>8015    64  128
websocket-ingestion         core           production Y Y  127.0.0.1:8001>8001   256  512 data-api,influxdb
data-retention              core           production Y Y  127.0.0.1:8080>8080   128  256 influxdb
energy-correlator           core           production Y Y  127.0.0.1:8017>8017   128  256 influxdb
weather-api                 external       production Y Y  127.0.0.1:8009>8009    96  192 influxdb
carbon-intensity            external       production Y Y  127.0.0.1:8010>8010    96  192 influxdb
electricity-pricing         external       production Y Y  127.0.0.1:8011>8011    96  192 influxdb
air-quality                 external       production Y Y  127.0.0.1:8012>8012    96  192 influxdb
smart-meter                 external       production Y Y  127.0.0.1:8014>8014   128  192 influxdb
home-assistant-test         test           test       Y -  0.0.0.0:8124>8123     384  512
websocket-ingestion-test    test           test       Y Y  127.0.0.1:8002>8001   128  256 home-assistant-test,data-api,influxdb
`
  .trim()
  .split('\n')
  .map(line => line.split(/\s+/));

const describeService = (service: Service): readonly string[] => [
  service.name,
  service.group,
  service.profiles.join() || 'both',
  service.bound ? 'Y' : '-',
  service.database ? 'Y' : '-',
  service.ports.map(port => `${port.hostAddress}:${port.hostPort}>${port.containerPort}`).join() || '-',
  String(service.expectedMiB),
  String(service.limitMiB),
];

const expectedMiB = (mode: Mode, group?: string): number =>
  servicesOfMode(bundledStack(), mode)
    .filter(service => group === undefined || service.group === group)
    .reduce((total, service) => total + service.expectedMiB, 0);

const minimal = (service: Record<string, unknown>): unknown => ({ name: 'p', services: { a: service } });
const parseOne = (service: Record<string, unknown>): Service => {
  const [parsed] = parseStack(minimal(service)).services;
  assert.ok(parsed);
  return parsed;
};

describe('the bundled stack', () => {
  test('is HomeIQ’s, service by service and in this order', () => {
    const stack = bundledStack();
    assert.deepEqual(
      stack.services.map(describeService),
      facts.map(line => line.slice(0, 8)),
    );
    for (const [index, service] of stack.services.entries()) {
      const dependencies = facts[index]?.[8]?.split(',') ?? [];
      assert.deepEqual(service.dependsOn.toSorted(), dependencies.toSorted(), service.name);
    }
    assert.equal(stack.project, 'homeiq');
  });

  test('adds up to the published totals', () => {
    assert.deepEqual(
      modes.map(mode => [servicesOfMode(bundledStack(), mode).length, expectedMiB(mode)]),
      [
        [16, 5120],
        [22, 5632],
      ],
    );
    assert.deepEqual(
      (['infrastructure', 'ai', 'core', 'test', 'external'] as const).map(group =>
        expectedMiB('test', group),
      ),
      [2048, 1536, 1024, 512, 0],
    );
    assert.deepEqual(
      (['infrastructure', 'ai', 'core', 'test', 'external'] as const).map(group =>
        expectedMiB('production', group),
      ),
      [2048, 1536, 1536, 0, 512],
    );
  });

  test('has a healthcheck, a limit and a log that is rotated everywhere', () => {
    const { services } = readSnapshot() as {
      services: Record<string, { logging?: unknown; restart?: string }>;
    };
    for (const service of bundledStack().services) {
      assert.ok(service.hasHealthcheck, service.name);
      assert.equal(service.isOneShot, false);
      assert.equal(service.hasBuild, !['influxdb', 'home-assistant-test'].includes(service.name));
      assert.deepEqual(services[service.name]?.logging, {
        driver: 'json-file',
        options: { 'max-file': '3', 'max-size': '10m' },
      });
      assert.equal(services[service.name]?.restart, 'unless-stopped');
    }
  });

  test('agrees with its catalog', () => {
    assert.deepEqual(checkCatalog(readSnapshot()), []);
  });

  test('only InfluxDB cannot be left out', () => {
    const without = bundledStack().services.filter(({ onKey }) => onKey === undefined);
    assert.deepEqual(
      without.map(({ name }) => name),
      ['influxdb'],
    );
  });
});

describe('the catalog is checked', () => {
  const broken = (change: (catalog: Record<string, unknown>[]) => void): readonly string[] => {
    const model = readSnapshot();
    change((model['x-homeiq'] as { services: Record<string, unknown>[] }).services);
    return checkCatalog(model);
  };

  test('names what is missing, unknown, double, or contradicts itself', () => {
    assert.deepEqual(
      broken(catalog => catalog.splice(0, 1)),
      ['influxdb is a service, but not in the catalog.'],
    );
    assert.deepEqual(
      broken(catalog => catalog.push({ ...catalog[0], name: 'ghost' })),
      ['ghost is in the catalog, but is no service.'],
    );
    assert.deepEqual(
      broken(catalog => catalog.push({ ...catalog[0] })),
      ['influxdb is in the catalog more than once.'],
    );
    assert.deepEqual(
      broken(catalog => Object.assign(catalog[0] ?? {}, { expectedMiB: 4096 })),
      ['influxdb may use 2048 MiB, but is expected to use 4096.'],
    );
    assert.deepEqual(
      broken(catalog => Object.assign(catalog[7] ?? {}, { type: 'external_api' })),
      ['data-api is of type external_api, but not in the profile production alone.'],
    );
  });
});

describe('parseStack', () => {
  test('reads limits, reservations and ports in every form Compose writes', () => {
    assert.equal(parseOne({ mem_limit: '536870912' }).limitMiB, 512);
    assert.equal(parseOne({ mem_limit: 0 }).limitMiB, undefined);
    assert.equal(parseOne({ mem_limit: '-1' }).limitMiB, undefined);
    const resources = { limits: { memory: '134217728' }, reservations: { memory: '67108864' } };
    const service = parseOne({ deploy: { resources } });
    assert.deepEqual([service.limitMiB, service.reservedMiB], [128, 64]);
    assert.deepEqual(
      parseOne({
        ports: [
          { target: 80, protocol: 'tcp' },
          { target: 81, published: '9000' },
        ],
      }).ports,
      [{ hostAddress: '0.0.0.0', hostPort: 9000, containerPort: 81 }],
    );
  });

  test('an operator’s own service counts with what it reserves, or may use', () => {
    assert.equal(parseOne({ mem_limit: '536870912', mem_reservation: '268435456' }).expectedMiB, 256);
    assert.equal(parseOne({ mem_limit: '536870912' }).expectedMiB, 512);
    assert.equal(parseOne({}).expectedMiB, 0);
    assert.equal(parseOne({}).image, 'p-a');
  });

  test('a key that is set nowhere does not reach the container', () => {
    assert.deepEqual(parseOne({ environment: { A: null, B: '', C: 3 } }).environment, { B: '', C: '3' });
  });

  test('one-shot services and services without a check', () => {
    assert.equal(parseOne({ restart: 'no' }).isOneShot, true);
    assert.equal(parseOne({ restart: 'always' }).isOneShot, false);
    assert.equal(parseOne({ healthcheck: { test: ['NONE'] } }).hasHealthcheck, false);
    assert.equal(parseOne({ healthcheck: { disable: true } }).hasHealthcheck, false);
    assert.equal(parseOne({ healthcheck: { test: ['CMD', 'true'] } }).hasHealthcheck, true);
  });

  test('a stand-in of the sandbox comes with a catalog block of its own', () => {
    const entry = { name: 'a', group: 'core', type: 'core', bound: false, database: false, expectedMiB: 0 };
    const model = {
      ...(minimal({}) as object),
      'x-homeiq-sandbox': { version: 1, services: [{ ...entry, standIn: true }] },
    };
    assert.equal(parseStack(model).services[0]?.standIn, true);
    assert.deepEqual(checkCatalog(model), []);
  });

  test('an error names the place and never the value', () => {
    const cases: readonly [unknown, RegExp][] = [
      [[], /the whole is not a map/],
      [{}, /name is not a text/],
      [minimal({ mem_limit: 'hunter2' }), /services\.a\.mem_limit is not a whole number/],
      [minimal({ ports: [{ published: 'hunter2' }] }), /services\.a\.ports\[0\]\.published is not/],
      [minimal({ environment: { TOKEN: ['hunter2'] } }), /services\.a\.environment\.TOKEN is not a text/],
      [{ name: 'p', services: { '\u001b[2Jx': {} } }, /services\.\?\?2Jx is not the name of a service/],
      [{ name: 'p', 'x-homeiq': { version: 2 } }, /x-homeiq\.version is not 1/],
      [
        { name: 'p', 'x-homeiq': { version: 1, services: [{ name: 'a', group: 'x' }] } },
        /group is not one of/,
      ],
    ];
    for (const [model, expected] of cases) {
      assert.throws(
        () => parseStack(model),
        error => {
          assert.ok(error instanceof UserError);
          assert.match(error.message, expected);
          assert.doesNotMatch(error.message, /hunter2/);
          return true;
        },
      );
    }
  });

  test('anything at all is either a stack or a UserError', () => {
    fc.assert(
      fc.property(fc.anything({ withNullPrototype: true, withBigInt: true }), value =>
        parsesOrRefuses(value),
      ),
      { numRuns: 300 },
    );
  });

  test('the bundled model with any one part replaced is either a stack or a UserError', () => {
    fc.assert(
      fc.property(fc.nat(), fc.jsonValue(), (seed, replacement) => {
        const model = readSnapshot();
        replaceOne(model, seed, replacement);
        return parsesOrRefuses(model);
      }),
      { numRuns: 300 },
    );
  });
});

function parsesOrRefuses(value: unknown): boolean {
  try {
    parseStack(value);
    checkCatalog(value);
    return true;
  } catch (error) {
    return error instanceof UserError;
  }
}

/** Walks down by the digits of `seed` and replaces what it ends at. */
function replaceOne(model: Record<string, unknown>, seed: number, replacement: unknown): void {
  let here: Record<string, unknown> = model;
  let left = seed;
  for (;;) {
    const keys = Object.keys(here);
    const key = keys[left % keys.length];
    if (key === undefined) return;
    left = Math.floor(left / keys.length);
    const next = here[key];
    if (typeof next !== 'object' || next === null || left % 5 === 0) {
      here[key] = replacement;
      return;
    }
    here = next as Record<string, unknown>;
  }
}

test('the path that a healthcheck asks, in whatever form it is written', () => {
  const path = (test: unknown) => parseOne({ healthcheck: { test } }).healthPath;
  assert.equal(path(['CMD', 'curl', '-fsS', 'http://127.0.0.1:8019/health/']), '/health/');
  assert.equal(
    path(['CMD-SHELL', 'python -c "open(\'http://localhost:8031/health\', timeout=5)"']),
    '/health',
  );
  assert.equal(path('wget -q http://localhost/ || exit 1'), '/');
  assert.equal(path(['CMD', 'pg_isready']), undefined);
  assert.equal(path(['NONE']), undefined);
  const paths = new Map(bundledStack().services.map(({ name, healthPath }) => [name, healthPath]));
  assert.equal(paths.get('device-intelligence-service'), '/health/');
  assert.equal(paths.get('home-assistant-test'), '/api/');
  assert.equal(paths.get('health-dashboard'), '/');
});

test('a key of the catalog is the name of a setting, and nothing that an object has by itself', () => {
  for (const key of ['constructor', '__proto__', 'toString', 'lower', 'A B', '']) {
    for (const place of [
      { enabledBy: key },
      { onKey: key },
      { heldKey: key },
      { needs: [key] },
      { needsIn: { test: [key] } },
    ]) {
      const entry = {
        name: 'a',
        group: 'core',
        type: 'core',
        bound: true,
        database: false,
        expectedMiB: 1,
        needs: [],
        ...place,
      };
      const model = {
        name: 'homeiq',
        services: { a: { image: 'x' } },
        'x-homeiq': { version: 1, services: [entry] },
      };
      assert.throws(() => parseStack(model), /is not the name of a setting/);
    }
  }
});
