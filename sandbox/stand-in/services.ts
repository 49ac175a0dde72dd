/** What each of HomeIQ's services is to its stand-in: where it listens, what it insists on, what it writes. */

export type LogStyle = 'json' | 'plain' | 'access';

/** One setting without which the real service does not start. */
type SettingRule = {
  readonly key: string;
  /**
   * `required`: any value but an empty one. `host`: the same, without a scheme. `websocket`: a ws:// or wss:// address.
   * `mqtt-or-unset`: an mqtt:// address, or no such variable at all.
   */
  readonly kind: 'required' | 'host' | 'websocket' | 'mqtt-or-unset';
  /** Published values that the real service refuses. */
  readonly refuses?: readonly string[];
};

export type ServiceFacts = {
  readonly name: string;
  readonly port: number;
  readonly healthPath: string;
  readonly logStyle: LogStyle;
  /** It makes up data: it runs in test mode only, and sees to that itself. */
  readonly generatesData?: true;
  /** Its settings depend on the mode: it reports the deployment block. */
  readonly isBound: boolean;
  readonly rules: readonly SettingRule[];
  /** Name of the measurement it writes, when it uses InfluxDB. */
  readonly measurement?: string;
  /** Follows Home Assistant's events. */
  readonly isIngestion?: boolean;
  /** The key of an SQLite URL whose file it opens at start. */
  readonly sqliteKey?: string;
  /** For how long its health says `initializing`, with status 200. */
  readonly initializingMs?: number;
  readonly homeAssistant?: 'fresh' | 'onboarded';
};

const required = (key: string, refuses?: readonly string[]): SettingRule => ({
  key,
  kind: 'required',
  ...(refuses === undefined ? {} : { refuses }),
});

const influxRules = ['INFLUXDB_URL', 'INFLUXDB_ORG', 'INFLUXDB_BUCKET', 'INFLUXDB_TOKEN'].map(key =>
  required(key),
);

type Details = Partial<Omit<ServiceFacts, 'name' | 'port'>>;

const describe = (name: string, port: number, details: Details = {}): ServiceFacts => ({
  name,
  port,
  healthPath: '/health',
  logStyle: 'json',
  isBound: false,
  ...details,
  rules: [...(details.rules ?? []), ...(details.measurement === undefined ? [] : influxRules)],
});

const external = (name: string, port: number, measurement: string, keys: readonly string[] = []) =>
  describe(name, port, { isBound: true, measurement, rules: keys.map(key => required(key)) });

const services: readonly ServiceFacts[] = [
  describe('openvino-service', 8019, { logStyle: 'plain', initializingMs: 5000 }),
  describe('ner-service', 8031, { logStyle: 'plain' }),
  describe('ml-service', 8020),
  describe('openai-service', 8020, { logStyle: 'plain' }),
  describe('ai-core-service', 8018, { rules: [required('AI_CORE_API_KEY')] }),
  describe('ai-automation-service', 8018, {
    isBound: true,
    measurement: 'automation_patterns',
    rules: [
      required('AI_AUTOMATION_API_KEY', ['change-me']),
      required('OPENAI_API_KEY'),
      { key: 'MQTT_BROKER', kind: 'host' },
      required('HA_URL'),
      required('HA_TOKEN'),
    ],
  }),
  describe('data-api', 8006, {
    isBound: true,
    measurement: 'data_api_requests',
    sqliteKey: 'DATABASE_URL',
    rules: [required('API_KEY'), required('DATABASE_URL')],
  }),
  describe('admin-api', 8004, {
    isBound: true,
    measurement: 'admin_api_checks',
    rules: [required('API_KEY')],
  }),
  describe('device-intelligence-service', 8019, {
    isBound: true,
    healthPath: '/health/',
    logStyle: 'plain',
    rules: [{ key: 'MQTT_BROKER', kind: 'mqtt-or-unset' }],
  }),
  describe('ha-setup-service', 8020, { isBound: true, logStyle: 'plain' }),
  describe('health-dashboard', 80, { healthPath: '/', logStyle: 'access' }),
  describe('ai-automation-ui', 80, { logStyle: 'access' }),
  describe('log-aggregator', 8015),
  describe('websocket-ingestion', 8001, {
    isBound: true,
    isIngestion: true,
    measurement: 'home_assistant_events',
    rules: [{ key: 'HA_WS_URL', kind: 'websocket' }, required('HA_TOKEN')],
  }),
  describe('data-retention', 8080, { isBound: true, measurement: 'retention_runs' }),
  describe('energy-correlator', 8017, { isBound: true, measurement: 'energy_correlations' }),
  external('weather-api', 8009, 'weather', ['WEATHER_API_KEY']),
  external('carbon-intensity', 8010, 'carbon_intensity'),
  external('electricity-pricing', 8011, 'electricity_pricing'),
  external('air-quality', 8012, 'air_quality', ['WEATHER_API_KEY']),
  external('smart-meter', 8014, 'smart_meter'),
  describe('ha-simulator', 8000, {
    isBound: true,
    measurement: 'home_assistant_events',
    generatesData: true,
  }),
  describe('home-assistant-test', 8123, { isBound: true, logStyle: 'plain', homeAssistant: 'fresh' }),
  describe('operator-home-assistant', 8123, {
    logStyle: 'plain',
    homeAssistant: 'onboarded',
    rules: [required('SANDBOX_HOME_ASSISTANT_TOKEN')],
  }),
];

/** Undefined for a name that has no stand-in. */
export const findService = (name: string): ServiceFacts | undefined =>
  services.find(service => service.name === name);

export const serviceNames: readonly string[] = services.map(service => service.name);

type Environment = Readonly<Record<string, string | undefined>>;

function findFault(rule: SettingRule, value: string | undefined): string | undefined {
  switch (rule.kind) {
    case 'mqtt-or-unset':
      return value === undefined || /^mqtts?:\/\/./.test(value)
        ? undefined
        : `${rule.key} must be an mqtt:// address, or not be set at all`;
    case 'required':
    case 'host':
    case 'websocket':
      break;
  }
  if (value === undefined || value.trim() === '') return `${rule.key} is required but not set`;
  if (rule.refuses?.includes(value)) return `${rule.key} still has its published default value`;
  if (rule.kind === 'host' && value.includes('://')) {
    return `${rule.key} must be a host name, without a scheme`;
  }
  if (rule.kind === 'websocket' && !/^wss?:\/\/./.test(value)) {
    return `${rule.key} must be a ws:// or wss:// address`;
  }
  return undefined;
}

/** What keeps this service from starting with these settings, one line each. Values are never repeated. */
export const findSettingFaults = (service: ServiceFacts, environment: Environment): readonly string[] =>
  service.rules.flatMap(rule => findFault(rule, environment[rule.key]) ?? []);
