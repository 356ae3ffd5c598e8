"""Addresses of the room."""

from django.urls import path

from accounts import views

app_name = "accounts"

urlpatterns = [
    path("login/", views.SignIn.as_view(), name="login"),
    path("login/code/", views.SignInCode.as_view(), name="code"),
    path("login/resume/", views.Resume.as_view(), name="resume"),
    path("logout/", views.SignOut.as_view(), name="logout"),
    path("password/", views.ChangePassword.as_view(), name="password"),
    path("second-factor/", views.FactorPage.as_view(), name="factor"),
    path("second-factor/keep/", views.KeepFactor.as_view(), name="factor_keep"),
    path("post/", views.ChoosePost.as_view(), name="post"),
    path("users/", views.UserList.as_view(), name="users"),
    path("users/new/", views.OpenAccounts.as_view(), name="user_create"),
    path("users/new-administrator/", views.OpenAdministrator.as_view(), name="administrator_create"),
    path("users/passwords/", views.OneTimePasswords.as_view(), name="passwords"),
    path("users/<int:pk>/", views.UserPage.as_view(), name="user"),
    path("users/<int:pk>/reset/", views.ResetPassword.as_view(), name="reset"),
    path("users/<int:pk>/second-factor/", views.ResetFactor.as_view(), name="factor_reset"),
    path("users/<int:pk>/unlock/", views.UnlockUser.as_view(), name="unlock"),
    path("users/<int:pk>/disable/", views.DisableUser.as_view(), name="disable"),
    path("users/<int:pk>/enable/", views.EnableUser.as_view(), name="enable"),
    path("roles/", views.RoleList.as_view(), name="roles"),
    path("roles/<int:pk>/", views.GrantRole.as_view(), name="role"),
    path("roles/<int:pk>/revoke/", views.RevokeRole.as_view(), name="role_revoke"),
    path("audit/", views.AuditTrail.as_view(), name="audit"),
    path("audit/evidence/", views.EvidencePage.as_view(), name="evidence"),
]
