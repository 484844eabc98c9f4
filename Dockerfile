# One image for web, workers, beat and the commands; docker-compose.yml says which it is.
FROM node:24-slim AS front
WORKDIR /build
COPY package.json package-lock.json .npmrc ./
RUN npm ci --omit=dev

FROM python:3.13-slim
ENV PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 \
    DJANGO_SETTINGS_MODULE=cimic_portal.settings.production \
    PORTAL_STATIC=/srv/portal/static PORTAL_DATA=/data PROMETHEUS_MULTIPROC_DIR=/run/metrics
WORKDIR /srv/portal/code
COPY requirements.txt ./
RUN pip install --no-cache-dir --require-hashes -r requirements.txt
COPY . .
COPY --from=front /build/node_modules ./node_modules
# The key of the build is used by nothing that stays in the image.
RUN SECRET_KEY=build python manage.py collectstatic --noinput --verbosity=0 \
        --ignore "leaflet-src*" --ignore rest_framework --ignore guardian \
    && useradd --uid 10001 --no-create-home portal \
    && install -d -o portal -g portal -m 700 /data /run/metrics
USER portal
EXPOSE 8000
CMD ["granian", "--interface=wsgi", "--host=0.0.0.0", "--port=8000", "--workers=2", "--blocking-threads=2", \
     "cimic_portal.wsgi:application"]
