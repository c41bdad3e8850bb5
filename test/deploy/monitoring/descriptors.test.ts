import { metricDescriptors } from '../../../deploy/monitoring/descriptors';
import { startMonitoringEmulator } from '../../../local/emulators/monitoring';
import { metrics } from '../../../shared/telemetry/catalogue';
import { metricClient } from '../../local/emulators/google-clients';

test('there is a descriptor for each metric, with a description of each label', () => {
  const descriptors = metricDescriptors();
  expect(descriptors.map(({ type }) => type)).toEqual(Object.keys(metrics).map((name) => `custom.googleapis.com/synthetic/${name}`));
  for (const { labels } of descriptors) for (const { description } of labels) expect(description).not.toBe('');
});

test('Cloud Monitoring takes each of them, twice', async () => {
  const emulator = await startMonitoringEmulator();
  const client = metricClient(emulator.address);
  try {
    for (const metricDescriptor of [...metricDescriptors(), ...metricDescriptors()])
      await client.createMetricDescriptor({
        name: client.projectPath('p'),
        metricDescriptor: { ...metricDescriptor, labels: metricDescriptor.labels.map((label) => ({ ...label })) },
      });
    const [listed] = await client.listMetricDescriptors({ name: client.projectPath('p') });
    expect(listed).toHaveLength(Object.keys(metrics).length);
  } finally {
    await client.close();
    await emulator.close();
  }
});
