/** The documents that Cloud Monitoring takes, as far as we write them (REST reference, monitoring v3 and dashboards v1). */
import type { Severity } from '../../shared/result';

/** `projects.metricDescriptors`. */
export interface MetricDescriptor {
  readonly type: string;
  readonly metricKind: 'GAUGE';
  readonly valueType: 'INT64' | 'DOUBLE';
  readonly unit: string;
  readonly displayName: string;
  readonly description: string;
  readonly labels: readonly { readonly key: string; readonly valueType: 'STRING'; readonly description: string }[];
}

export interface PromQlCondition {
  readonly query: string;
  /** A whole number of seconds, e.g. `0s`. */
  readonly duration: string;
  /** A multiple of 30 s. */
  readonly evaluationInterval: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly ruleGroup?: string;
  readonly alertRule?: string;
  readonly disableMetricValidation?: boolean;
}

export interface ThresholdCondition {
  readonly filter: string;
  readonly comparison: 'COMPARISON_GT' | 'COMPARISON_LT';
  readonly thresholdValue: number;
  readonly duration: string;
  readonly aggregations?: readonly Readonly<Record<string, unknown>>[];
  readonly trigger?: { readonly count: number } | { readonly percent: number };
  readonly evaluationMissingData?: string;
}

/** One of an alert policy's conditions; its display name is its key: by it a deployment finds the `name` that the server gave. */
export interface AlertCondition {
  readonly displayName: string;
  readonly conditionPrometheusQueryLanguage?: PromQlCondition;
  readonly conditionThreshold?: ThresholdCondition;
}

/** `projects.alertPolicies`, as we write it; its `userLabels` hold `policy`, its key within the environment. */
export interface AlertPolicy {
  readonly displayName: string;
  readonly combiner: 'OR' | 'AND' | 'AND_WITH_MATCHING_RESOURCE';
  readonly conditions: readonly AlertCondition[];
  readonly severity: Uppercase<Severity>;
  readonly documentation: {
    readonly content: string;
    readonly mimeType: 'text/markdown';
    readonly subject?: string;
    readonly links?: readonly { readonly displayName: string; readonly url: string }[];
  };
  readonly userLabels: Readonly<Record<string, string>> & { readonly policy: string };
  readonly notificationChannels: readonly string[];
  readonly alertStrategy?: Readonly<Record<string, unknown>>;
  readonly enabled: boolean;
}

/** `projects.dashboards`. */
export interface Dashboard {
  readonly displayName: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly dashboardFilters?: readonly Readonly<Record<string, unknown>>[];
  readonly mosaicLayout: {
    readonly columns: number;
    readonly tiles: readonly {
      readonly xPos: number;
      readonly yPos: number;
      readonly width: number;
      readonly height: number;
      readonly widget: Readonly<Record<string, unknown>>;
    }[];
  };
}

/** `services.serviceLevelObjectives`. */
export interface ServiceLevelObjective {
  readonly id: string;
  readonly displayName: string;
  /** 0 to 0.9999. */
  readonly goal: number;
  readonly rollingPeriod: string;
  readonly serviceLevelIndicator: Readonly<Record<string, unknown>>;
  readonly userLabels: Readonly<Record<string, string>>;
}

/** Custom services with their objectives; a service takes at most 500. */
export interface ServiceLevels {
  readonly services: readonly {
    readonly id: string;
    readonly displayName: string;
    readonly userLabels: Readonly<Record<string, string>>;
    readonly objectives: readonly ServiceLevelObjective[];
  }[];
}

/** `projects.uptimeCheckConfigs`, from outside the VPC. */
export interface UptimeCheck {
  readonly displayName: string;
  readonly userLabels: Readonly<Record<string, string>>;
  /** Everything else, as the API takes it: monitoredResource, httpCheck or tcpCheck, period, timeout, selectedRegions, … */
  readonly check: Readonly<Record<string, unknown>>;
}

/** A function that Cloud Monitoring itself calls. */
export interface SyntheticMonitor {
  readonly displayName: string;
  readonly userLabels: Readonly<Record<string, string>>;
  /** Name of the function. */
  readonly function: string;
  /** 1, 5, 10 or 15. */
  readonly periodMinutes: number;
  /** 5 to 60. */
  readonly timeoutSeconds: number;
}
