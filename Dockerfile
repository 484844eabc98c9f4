# One image for web, workers, beat, backup and the commands; docker-compose.yml says which it is.
FROM node:24-slim AS front
WORKDIR /build
COPY package.json package-lock.json .npmrc ./
RUN npm ci --omit=dev

FROM python:3.13-slim AS packages
COPY requirements.txt ./
RUN python -m venv /srv/portal/venv \
    && /srv/portal/venv/bin/pip install --no-cache-dir --require-hashes -r requirements.txt

FROM python:3.13-slim
ENV PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 PATH=/srv/portal/venv/bin:$PATH \
    DJANGO_SETTINGS_MODULE=cimic_portal.settings.production \
    PORTAL_STATIC=/srv/portal/static PORTAL_DATA=/data PROMETHEUS_MULTIPROC_DIR=/run/metrics
# A number, so that an engine can see that it is not root.
RUN useradd --uid 10001 --no-create-home --shell /usr/sbin/nologin portal \
    && install -d -o portal -g portal -m 700 /data /backups /run/metrics /run/backup
WORKDIR /srv/portal/code
COPY --from=packages /srv/portal/venv /srv/portal/venv
COPY . .
COPY --from=front /build/node_modules ./node_modules
# Needs no secret: the settings that all ways of running share.
RUN DJANGO_SETTINGS_MODULE=cimic_portal.settings.base python manage.py collectstatic --noinput --verbosity=0 \
        --ignore "leaflet-src*" --ignore rest_framework --ignore guardian --ignore django_extensions
USER 10001:10001
EXPOSE 8000
CMD ["granian", "--interface=wsgi", "--host=0.0.0.0", "--port=8000", "--workers=2", "--blocking-threads=2", \
     "--respawn-failed-workers", "cimic_portal.wsgi:application"]
