// The Deployments of the comparison.
local deployment(name) = {
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: {
    labels: { app: name },
    name: name,
    namespace: 'prod',
  },
  spec: {
    replicas: 3,
    selector: {
      matchLabels: { app: name },
    },
    template: {
      metadata: {
        labels: { app: name },
      },
      spec: {
        automountServiceAccountToken: false,
        containers: [{
          env: [{ name: 'DB_HOST', value: '127.0.0.1' }, { name: 'DB_PORT', value: '5432' }],
          image: 'web:1.2.3',
          livenessProbe: {
            httpGet: { path: '/live', port: 'http' },
          },
          name: 'web',
          ports: [{ containerPort: 8080, name: 'http' }],
          readinessProbe: {
            httpGet: { path: '/ready', port: 'http' },
            periodSeconds: 5,
          },
          resources: {
            limits: { cpu: '1', memory: '512Mi' },
            requests: { cpu: '250m', memory: '256Mi' },
          },
          securityContext: {
            allowPrivilegeEscalation: false,
            capabilities: {
              drop: ['ALL'],
            },
          },
          volumeMounts: [{ mountPath: '/var/log/web', name: 'logs' }],
        }],
        initContainers: [{
          args: ['-c', '/etc/shipper.yaml'],
          image: 'shipper:2',
          name: 'logs',
          ports: [{ containerPort: 2020, name: 'metrics' }],
          resources: {
            limits: { cpu: '100m', memory: '128Mi' },
            requests: { cpu: '50m', memory: '64Mi' },
          },
          restartPolicy: 'Always',
          securityContext: {
            allowPrivilegeEscalation: false,
            capabilities: {
              drop: ['ALL'],
            },
          },
          volumeMounts: [{
            mountPath: '/var/log/web',
            name: 'logs',
            readOnly: true,
          }],
        }, {
          image: 'haproxy:3.4',
          name: 'db',
          ports: [{ containerPort: 5432, name: 'db' }],
          resources: {
            limits: { cpu: '100m', memory: '128Mi' },
            requests: { cpu: '25m', memory: '32Mi' },
          },
          restartPolicy: 'Always',
          securityContext: {
            allowPrivilegeEscalation: false,
            capabilities: {
              drop: ['ALL'],
            },
          },
          startupProbe: {
            failureThreshold: 60,
            periodSeconds: 1,
            tcpSocket: { port: 'db' },
          },
          volumeMounts: [{
            mountPath: '/usr/local/etc/haproxy',
            name: 'proxy',
            readOnly: true,
          }],
        }, {
          args: ['migrate', '--up'],
          env: [{ name: 'DB_HOST', value: '127.0.0.1' }],
          image: 'web:1.2.3',
          name: 'migrate',
          resources: {
            limits: { cpu: '100m', memory: '128Mi' },
            requests: { cpu: '50m', memory: '64Mi' },
          },
          securityContext: {
            allowPrivilegeEscalation: false,
            capabilities: {
              drop: ['ALL'],
            },
          },
        }],
        securityContext: {
          runAsNonRoot: true,
          runAsUser: 10001,
          seccompProfile: { type: 'RuntimeDefault' },
        },
        terminationGracePeriodSeconds: 45,
        volumes: [{
          emptyDir: { sizeLimit: '1Gi' },
          name: 'logs',
        }, {
          configMap: { name: 'proxy' },
          name: 'proxy',
        }],
      },
    },
  },
};

function(n) [deployment('web-%d' % i) for i in std.range(0, n - 1)]
