"""Django REST framework: the same calls, with a key looked up in the database by its hash."""

import hashlib
import os
import time
import uuid

import django
from django.conf import settings
from django.db.backends.signals import connection_created

settings.configure(
    SECRET_KEY="a secret for measuring only, of no use to anybody",
    ALLOWED_HOSTS=["*"],
    ROOT_URLCONF=__name__,
    DATABASES={
        "default": {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": os.environ["PEERS_DATABASE"],
            "CONN_MAX_AGE": None,
        }
    },
    INSTALLED_APPS=["rest_framework"],
    MIDDLEWARE=["django.middleware.common.CommonMiddleware"],
    REST_FRAMEWORK={
        "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
        "UNAUTHENTICATED_USER": None,
    },
    USE_TZ=True,
)
django.setup()

from django.core.wsgi import get_wsgi_application  # noqa: E402 - Django must be set up first
from django.db import models  # noqa: E402
from django.urls import path  # noqa: E402
from rest_framework import generics, permissions, serializers  # noqa: E402

from bench.peers.book import make_durable  # noqa: E402

connection_created.connect(lambda connection, **_: make_durable(connection.connection), weak=False)


class ApiKey(models.Model):
    secret_hash = models.TextField(primary_key=True)
    name = models.TextField()

    class Meta:
        app_label, db_table = "peers", "api_key"


class Customer(models.Model):
    uuid = models.TextField(default=lambda: uuid.uuid4().hex)
    reference = models.TextField(default=lambda: f"CUS-{uuid.uuid4().hex[:10]}")
    first_name = models.TextField(null=True)
    last_name = models.TextField(null=True)
    email = models.TextField(unique=True)
    phone = models.TextField(null=True)
    dial_code = models.TextField(null=True)
    blacklisted = models.BooleanField(default=False)
    created_at = models.IntegerField(default=lambda: int(time.time() * 1000))
    updated_at = models.IntegerField(default=lambda: int(time.time() * 1000))

    class Meta:
        app_label, db_table = "peers", "customer"


class CustomerSerializer(serializers.ModelSerializer):
    firstName = serializers.CharField(source="first_name")
    lastName = serializers.CharField(source="last_name")
    countryCode = serializers.CharField(source="dial_code", read_only=True)
    blacklist = serializers.BooleanField(source="blacklisted", read_only=True)
    createdAt = serializers.IntegerField(source="created_at", read_only=True)
    updatedAt = serializers.IntegerField(source="updated_at", read_only=True)

    class Meta:
        model = Customer
        fields = ("uuid", "reference", "firstName", "lastName", "email", "phone", "countryCode",
                  "blacklist", "createdAt", "updatedAt")  # fmt: skip
        read_only_fields = ("uuid", "reference")


class HasKey(permissions.BasePermission):
    def has_permission(self, request, view) -> bool:
        secret = request.headers.get("Authorization", "").removeprefix("Bearer ")
        digest = hashlib.sha256(secret.encode()).hexdigest()
        return ApiKey.objects.filter(secret_hash=digest).exists()


class ReadCustomer(generics.RetrieveAPIView):
    queryset, serializer_class = Customer.objects.all(), CustomerSerializer
    permission_classes, lookup_field = (HasKey,), "uuid"


class CreateCustomer(generics.CreateAPIView):
    queryset, serializer_class = Customer.objects.all(), CustomerSerializer
    permission_classes = (HasKey,)


urlpatterns = [
    path("customers/<str:uuid>", ReadCustomer.as_view()),
    path("customers", CreateCustomer.as_view()),
]
app = get_wsgi_application()
